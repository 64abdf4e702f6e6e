import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered } from './entered.tsx'
import { GiveTo } from './GiveTo.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Cho ý kiến, asked of a unit's heads: give it, pass it on, or say that it is no concern of the unit. */
export function CoordinateForm({ choices, me }: TaskFormProps<'incoming.coordinate'>) {
  const { t } = useTranslation('tasks')
  const { value, error, outcome } = useEntered()
  return (
    <>
      <TextAreaField
        name="opinionText"
        label={t('field.unitOpinion')}
        rows={6}
        required
        maxLength={5000}
        defaultValue={value('opinionText')}
        error={error('opinionText')}
      />
      <SubmitBar
        primary={{ label: t('action.giveOpinion'), name: 'outcome', value: 'given' }}
        consequence={t('consequence.giveOpinion')}
      >
        <OtherAction
          outcome="assigned"
          label={t('action.passOn')}
          confirm={t('action.passOnConfirm')}
          consequence={t('consequence.passOn')}
        >
          <GiveTo post="opinionPost" choices={choices} me={me} optional />
        </OtherAction>
        <OtherAction
          outcome="notConcerned"
          label={t('action.notConcerned')}
          confirm={t('action.notConcernedConfirm')}
          consequence={t('consequence.notConcerned')}
        >
          <ReasonField outcome="notConcerned" key={outcome} />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

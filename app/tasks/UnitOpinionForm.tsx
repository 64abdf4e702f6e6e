import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'
import { PassOnOrDecline } from './PassOnOrDecline.tsx'
import type { TaskFormProps } from './shown-task.ts'

/**
 * Cho ý kiến: a unit agrees, agrees with comments, or disagrees. Its heads may also pass it on, or say that it is no concern of the
 * unit; whom it was passed on to has no `choices`.
 */
export function UnitOpinionForm({
  choices,
  me,
}: Pick<TaskFormProps<'opinion.answer'>, 'me'> & { choices: ChoicesOf<'opinion.answer'> | null }) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <TextAreaField
        name="opinionText"
        label={t('field.unitOpinion')}
        hint={t('hint.opinionWords')}
        rows={6}
        maxLength={5000}
        defaultValue={value('opinionText')}
        error={error('opinionText')}
      />
      <SubmitBar
        primary={{ label: t('action.agree'), name: 'outcome', value: 'agreed' }}
        others={[
          { label: t('action.agreeWithComments'), name: 'outcome', value: 'commented' },
          { label: t('action.disagree'), name: 'outcome', value: 'disagreed' },
        ]}
        consequence={t('consequence.unitOpinion')}
      >
        {choices && (
          <PassOnOrDecline
            choices={choices}
            me={me}
            passOn={t('consequence.passOnOpinion')}
            notConcerned={t('consequence.notConcernedAsked')}
          />
        )}
      </SubmitBar>
    </>
  )
}

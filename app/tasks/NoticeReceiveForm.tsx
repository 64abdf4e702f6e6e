import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered } from './entered.tsx'
import { GiveTo } from './GiveTo.tsx'
import { OtherAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** A unit's head notes a notice, or directs somebody to act on it. */
export function NoticeReceiveForm({ choices, me }: TaskFormProps<'notice.receive'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <TextAreaField
        name="opinion"
        label={t('field.noteOfHead')}
        rows={2}
        maxLength={2000}
        defaultValue={value('opinion')}
        error={error('opinion')}
      />
      <SubmitBar
        primary={{ label: t('action.note'), name: 'outcome', value: 'noted' }}
        consequence={t('consequence.note')}
      >
        <OtherAction
          outcome="directed"
          label={t('action.directSomebody')}
          confirm={t('action.directSomebodyConfirm')}
          consequence={t('consequence.directSomebody')}
        >
          <GiveTo post="carryOutPost" deadline={{ name: 'carryOutDeadline' }} choices={choices} me={me} optional />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered } from './entered.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Sửa phiếu trình: its words; a new version of the draft that goes with it stands above. */
export function SlipReviseForm({ task }: TaskFormProps<'slip.revise'>) {
  const { t } = useTranslation('tasks')
  const { value, error, outcome } = useEntered()
  return (
    <>
      <TextAreaField
        name="subject"
        label={t('field.subject')}
        rows={2}
        required
        maxLength={500}
        defaultValue={value('subject', task.document?.subject ?? '')}
        error={error('subject')}
      />
      <TextAreaField
        name="proposal"
        label={t('slip.proposal')}
        rows={8}
        required
        maxLength={10_000}
        defaultValue={value('proposal', task.document?.note ?? '')}
        error={error('proposal')}
      />
      <SubmitBar
        primary={{ label: t('slip.submitAgain'), name: 'outcome', value: 'submitted' }}
        consequence={t('slip.submitAgainConsequence')}
      >
        <OtherAction
          outcome="withdrawn"
          label={t('slip.withdraw')}
          confirm={t('slip.withdrawConfirm')}
          consequence={t('slip.withdrawConsequence')}
          tone="bad"
        >
          <ReasonField outcome="withdrawn" key={outcome} />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

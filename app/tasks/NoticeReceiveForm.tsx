import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { ColleagueField } from './ColleagueField.tsx'
import { DeadlineField } from './DeadlineField.tsx'
import { useEntered } from './entered.tsx'
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
          <ColleagueField
            name="carryOutPost"
            label={t('field.specialist')}
            colleagues={choices.colleagues}
            except={me}
            required={false}
          />
          <DeadlineField
            name="carryOutDeadline"
            label={t('field.deadline')}
            deadlines={choices.deadlines}
            required={false}
          />
          <TextAreaField
            name="instruction"
            label={t('field.instruction')}
            rows={3}
            maxLength={2000}
            defaultValue={value('instruction')}
            error={error('instruction')}
          />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useFormats } from '../viewer.ts'
import { ColleagueField } from './ColleagueField.tsx'
import { DeadlineField } from './DeadlineField.tsx'
import { useEntered } from './entered.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Phân công: to a colleague, or back as not the unit's concern. */
export function AssignForm({ task, choices, me }: TaskFormProps<'incoming.assign'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const { date } = useFormats()
  const { deadline } = task.given
  return (
    <>
      <ColleagueField name="specialistPost" label={t('field.specialist')} colleagues={choices.colleagues} except={me} />
      <DeadlineField
        name="handlingDeadline"
        label={t('field.deadline')}
        deadlines={choices.deadlines}
        initial={deadline !== null && deadline > task.openedAt ? date(deadline) : ''}
        hint={deadline !== null ? t('hint.leadersDeadline', { date: date(deadline) }) : undefined}
      />
      <TextAreaField
        name="instruction"
        label={t('field.instruction')}
        rows={3}
        maxLength={2000}
        defaultValue={value('instruction')}
        error={error('instruction')}
      />
      <SubmitBar
        primary={{ label: t('action.assign'), name: 'outcome', value: 'assigned' }}
        consequence={t('consequence.assign')}
      >
        <OtherAction
          outcome="returned"
          label={t('action.notOurs')}
          confirm={t('action.returnToLeader')}
          consequence={t('consequence.returnToLeader')}
          tone="bad"
        >
          <ReasonField outcome="returned" />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

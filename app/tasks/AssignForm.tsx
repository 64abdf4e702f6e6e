import { useTranslation } from 'react-i18next'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useFormats } from '../viewer.ts'
import { GiveTo } from './GiveTo.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Phân công: to a colleague, or back as not the unit's concern. */
export function AssignForm({ task, choices, me }: TaskFormProps<'incoming.assign'>) {
  const { t } = useTranslation('tasks')
  const { date } = useFormats()
  const { deadline } = task.given
  return (
    <>
      <GiveTo
        post="specialistPost"
        deadline={{
          name: 'handlingDeadline',
          initial: deadline !== null && deadline > task.openedAt ? date(deadline) : '',
          hint: deadline !== null ? t('hint.leadersDeadline', { date: date(deadline) }) : undefined,
        }}
        choices={choices}
        me={me}
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

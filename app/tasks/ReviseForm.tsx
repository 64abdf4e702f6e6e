import { useTranslation } from 'react-i18next'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { DeadlineField } from './DeadlineField.tsx'
import { DecidedVersion } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { NoteField } from './NoteField.tsx'
import { Opinions } from './Opinions.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'
import { UnitChecks } from './UnitChecks.tsx'

/** Sửa dự thảo: submits the newest version again, or gives it up. The drafts themselves stand above it. */
export function ReviseForm({ choices, opinions }: TaskFormProps<'outgoing.revise'>) {
  const { t } = useTranslation('tasks')
  const { outcome } = useEntered()
  const newest = choices.drafts[0]
  return (
    <>
      <Opinions given={opinions.given} awaited={opinions.awaited} />
      <DecidedVersion draft={newest} signOffs={choices.signOffs} />
      <UnitChecks
        name="opinionUnits"
        label={t('revise.askAgain')}
        units={choices.units}
        chosen={choices.owing}
        open={choices.owing.length > 0}
      />
      <DeadlineField
        name="opinionDeadline"
        label={t('revise.opinionDeadline')}
        hint={t('revise.opinionDeadlineHint')}
        calendar={choices.calendar}
        required={false}
      />
      <NoteField />
      <SubmitBar
        primary={{
          label: t('revise.submit', { version: newest?.version ?? 1 }),
          name: 'outcome',
          value: 'submitted',
        }}
        consequence={t('revise.consequence')}
      >
        <OtherAction
          outcome="withdrawn"
          label={t('revise.withdraw')}
          confirm={t('revise.withdrawConfirm')}
          consequence={t('revise.withdrawConsequence')}
          tone="bad"
        >
          <ReasonField outcome="withdrawn" key={outcome} />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

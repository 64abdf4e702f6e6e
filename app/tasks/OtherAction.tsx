import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { TextAreaField } from '../components/Field.tsx'
import { useTranslation } from 'react-i18next'
import { useEntered } from './entered.tsx'

/** Another way to end the task, with what it needs; opens in place without scripts. */
export function OtherAction({
  outcome,
  label,
  confirm,
  consequence,
  tone = 'plain',
  children,
}: {
  outcome: string
  label: string
  /** The button that does it, with its consequence in words. */
  confirm: string
  consequence?: ReactNode
  tone?: 'plain' | 'bad'
  children?: ReactNode
}) {
  const { outcome: sent } = useEntered()
  return (
    <details className="confirm" open={sent === outcome || undefined}>
      <summary data-tone={tone}>{label}</summary>
      <div className="confirm-body">
        {consequence && <p>{consequence}</p>}
        {children}
        <Button
          type="submit"
          name="outcome"
          value={outcome}
          formNoValidate
          variant="outline"
          color={tone === 'bad' ? 'red' : 'blue'}
        >
          {confirm}
        </Button>
      </div>
    </details>
  )
}

/** Back to whom it came from, with the reason. */
export function ReturnAction({
  to,
  children,
}: {
  to: 'Author' | 'Drafter' | 'Office' | 'Specialist'
  children?: ReactNode
}) {
  const { t } = useTranslation('tasks')
  return (
    <OtherAction
      outcome="returned"
      label={t('action.return')}
      confirm={t(`action.returnTo${to}`)}
      consequence={t(`consequence.returnTo${to}`)}
    >
      {children}
      <ReasonField outcome="returned" />
    </OtherAction>
  )
}

/** Why something goes back. */
export function ReasonField({ outcome }: { outcome: string }) {
  const { t } = useTranslation('tasks')
  const { value, error, outcome: sent } = useEntered()
  return (
    <TextAreaField
      name="reason"
      label={t('field.reason')}
      hint={t('hint.reason')}
      rows={3}
      maxLength={1000}
      defaultValue={sent === outcome ? value('reason') : ''}
      error={error('reason', outcome)}
    />
  )
}

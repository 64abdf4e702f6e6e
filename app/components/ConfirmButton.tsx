import { Button } from '@mantine/core'
import type { ReactNode } from 'react'

/**
 * A submit button that asks once, naming what it destroys or sends outside. It opens in place and needs no scripts;
 * whatever stands in `children` (a reason to give) is sent with the form.
 */
export function ConfirmButton({
  label,
  question,
  confirm,
  name,
  value,
  formNoValidate,
  tone = 'bad',
  children,
}: {
  label: string
  /** Names what will happen to what: "Thu hồi văn bản 55/TB-BCT khỏi 31 đơn vị?" */
  question: ReactNode
  /** The words of the button that does it. */
  confirm: string
  name?: string
  value?: string
  formNoValidate?: boolean
  /** `primary` is what the page is for. */
  tone?: 'bad' | 'plain' | 'primary'
  children?: ReactNode
}) {
  return (
    <details className="confirm">
      <summary data-tone={tone}>{label}</summary>
      <div className="confirm-body">
        <p>{question}</p>
        {children}
        <Button
          type="submit"
          name={name}
          value={value}
          formNoValidate={formNoValidate}
          color={tone === 'bad' ? 'red' : 'blue'}
        >
          {confirm}
        </Button>
      </div>
    </details>
  )
}

import { Button } from '@mantine/core'
import { useNavigation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export interface SubmitChoice {
  label: string
  name?: string
  value?: string
  /** Sends the form without checking its fields: a return needs no complete form. */
  formNoValidate?: boolean
}

/** The end of a form: the one clear action with what comes of it, and the others beside it. Within the thumb's reach. */
export function SubmitBar({
  primary,
  consequence,
  others = [],
  children,
}: {
  primary: SubmitChoice
  /** Who gets it next, and the like. */
  consequence?: ReactNode
  others?: readonly SubmitChoice[]
  /** ConfirmButtons, links. */
  children?: ReactNode
}) {
  const { t } = useTranslation('common')
  const busy = useNavigation().state === 'submitting'
  const { label, ...button } = primary
  return (
    <div className="submit-bar not-printed">
      <div className="submit-buttons">
        <Button type="submit" {...button} loading={busy} data-primary="">
          {label}
        </Button>
        {others.map(({ label: words, ...other }) => (
          <Button key={words} type="submit" variant="default" {...other} disabled={busy}>
            {words}
          </Button>
        ))}
        {children}
      </div>
      {consequence && <p className="muted">{consequence}</p>}
      <span className="only-read" role="status">
        {busy ? t('sending') : ''}
      </span>
    </div>
  )
}

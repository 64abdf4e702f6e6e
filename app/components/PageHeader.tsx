import type { ReactNode } from 'react'

/** The page's one h1, what it is about below, and what can be done with the whole of it at the right. */
export function PageHeader({
  title,
  subtitle,
  actions,
  above,
}: {
  title: ReactNode
  subtitle?: ReactNode
  actions?: ReactNode
  /** Where this is: a link back to the list, and the like. */
  above?: ReactNode
}) {
  return (
    <header className="page-header">
      <div className="page-heading">
        {above && <p className="page-above">{above}</p>}
        <h1>{title}</h1>
        {subtitle && <p className="muted">{subtitle}</p>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  )
}

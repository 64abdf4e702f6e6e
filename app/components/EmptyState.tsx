import type { ReactNode } from 'react'

/** A list without rows: why it is empty, and what to do. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <section className="empty-state">
      <h2>{title}</h2>
      {children && <div className="muted">{children}</div>}
    </section>
  )
}

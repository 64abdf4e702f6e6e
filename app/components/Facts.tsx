import type { ReactNode } from 'react'

export interface Fact {
  label: string
  /** Left out with its label when null, undefined or ''. */
  value: ReactNode
}

/** Facts of one thing, in the order of the book: a definition list. */
export function Facts({ facts, columns = 1 }: { facts: readonly Fact[]; columns?: 1 | 2 }) {
  return (
    <dl className="facts" data-columns={columns}>
      {facts
        .filter(({ value }) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

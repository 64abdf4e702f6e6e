import { useTranslation } from 'react-i18next'
import type { ChangeMade } from '#db/case-history.ts'
import { usePick } from '../viewer.ts'

/** What an administrator changed in a case, in words. */
export function ChangesMade({ changes }: { changes: readonly ChangeMade[] }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  if (changes.length === 0) return null
  const named = (element: { vi: string; en: string } | null) => (element ? pick(element.vi, element.en) : '')
  return (
    <span className="muted block">
      {changes
        .map(({ from, to, variables, ...change }) =>
          t(`history.change.${change.do}`, { from: named(from), to: named(to), variables: variables.join(', ') }),
        )
        .join('; ')}
    </span>
  )
}

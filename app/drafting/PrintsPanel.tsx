import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CaseTask } from '#db/case-view.ts'

/** What a document that is drafted here can be printed as: the slip, the table of the units' opinions. */
export function PrintsPanel({ documentId, tasks }: { documentId: string; tasks: readonly CaseTask[] }) {
  const { t } = useTranslation('tasks')
  const has = (forms: string) => tasks.some(({ formKey }) => formKey?.startsWith(forms))
  const slip = has('slip.')
  const opinions = has('opinion.')
  if (!slip && !opinions) return null
  return (
    <section className="panel not-printed" aria-labelledby="prints-heading">
      <h2 id="prints-heading">{t('prints')}</h2>
      <ul className="lines">
        {slip && (
          <li>
            <a href={`/documents/${documentId}/prints/slip.pdf`}>{t('slip.print')}</a>
          </li>
        )}
        {opinions && (
          <li>
            <Link to={`/documents/${documentId}/opinions`}>{t('opinions.table')}</Link>
          </li>
        )}
      </ul>
    </section>
  )
}

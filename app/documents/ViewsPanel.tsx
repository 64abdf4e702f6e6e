import { useTranslation } from 'react-i18next'
import type { DocumentView } from '#db/document-views.ts'
import { PersonName } from '../components/PersonName.tsx'
import { useFormats, usePick } from '../viewer.ts'

/** Who looked at it and who took a file: recorded for each document, shown to those who follow all of them. */
export function ViewsPanel({ views }: { views: readonly DocumentView[] }) {
  const { t } = useTranslation('documents')
  const { dateTime } = useFormats()
  const pick = usePick()
  if (views.length === 0) return null
  return (
    <section className="document-section not-printed">
      <details>
        <summary>
          <h2>
            {t('section.views')} <small className="muted">({views.length})</small>
          </h2>
        </summary>
        <ul className="lines">
          {views.map((view, index) => (
            <li key={`${view.at} ${index}`}>
              <time dateTime={new Date(view.at).toISOString()}>{dateTime(view.at)}</time>{' '}
              <PersonName
                fullName={view.fullName}
                title={view.title && pick(view.title, view.titleEn ?? view.title)}
                unit={view.unitName && pick(view.unitName, view.unitNameEn ?? view.unitName)}
              />{' '}
              {view.act === 'download'
                ? t('view.download', { name: view.fileName ?? '' })
                : [t('view.view'), view.fileName].filter(Boolean).join(' ')}
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

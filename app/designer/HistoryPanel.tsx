import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { DraftRevision } from '#db/flow-drafts.ts'
import { When } from '../components/marks.tsx'

/** What the draft looked like before: compared with what is there now, or brought back as its next state. */
export function HistoryPanel({
  draftId,
  flowId,
  history,
  revision,
  onRestore,
}: {
  draftId: string
  flowId: string
  history: readonly DraftRevision[]
  /** What is open on the page. */
  revision: number
  onRestore: (revision: number) => void
}) {
  const { t } = useTranslation('designer')
  return (
    <div className="designer-scroll">
      <p className="muted designer-hint">{t('history.hint')}</p>
      <ul className="finding-list">
        {history.map((one) => (
          <li key={one.revision}>
            <p>
              <strong>
                <When at={one.savedAt} />
              </strong>{' '}
              · {one.savedBy} · {t(`history.reason.${one.reason}`)}
            </p>
            {one.revision !== revision && (
              <span className="row">
                <Link to={`/flows/${flowId}/compare?from=draft:${draftId}:${one.revision}&to=draft:${draftId}`}>
                  {t('history.compare')}
                </Link>
                <button type="button" className="link-button" onClick={() => onRestore(one.revision)}>
                  {t('history.restore')}
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

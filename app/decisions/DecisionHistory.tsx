import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { DecisionVersion } from '#db/decision-publications.ts'
import { When } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'

/** Versions that are shown at once; older ones are a click away. */
const LATEST = 5

/** The versions of a table: who published each, when and why, and what it changed. */
export function DecisionHistory({ address, versions }: { address: string; versions: readonly DecisionVersion[] }) {
  const { t } = useTranslation('decisions')
  if (versions.length === 0) return <p className="muted small-text">{t('history.none')}</p>
  const [latest, older] = [versions.slice(0, LATEST), versions.slice(LATEST)]
  return (
    <>
      <Versions address={address} versions={latest} />
      {older.length > 0 && (
        <details>
          <summary>{t('history.older', { count: older.length })}</summary>
          <Versions address={address} versions={older} />
        </details>
      )}
    </>
  )
}

function Versions({ address, versions }: { address: string; versions: readonly DecisionVersion[] }) {
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  return (
    <ul className="decision-versions">
      {versions.map(({ version, publishedAt, publishedBy, reason }) => (
        <li key={version}>
          <p>
            <strong>{t('versionNumber', { version: number(version) })}</strong>{' '}
            <span className="muted">
              {publishedBy ?? t('history.shipped')} · <When at={publishedAt} />
            </span>
          </p>
          {reason && <p>{reason}</p>}
          {version > 1 && (
            <Link to={`${address}/compare?from=${version - 1}&to=${version}`}>
              {t('history.compare', { version: number(version - 1) })}
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

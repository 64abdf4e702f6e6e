import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { When } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'

export interface ShownVersion {
  version: number
  publishedAt: number
  running: number
  /** Null of what comes with the project. */
  publication: { reason: string; askedBy: string; decidedBy: string | null } | null
}

/** The versions of a flow, the newest first: when and why each was published, by whom, who agreed, and what it changed. */
export function FlowVersions({
  flowId,
  shown,
  versions,
  compares,
}: {
  flowId: string
  shown: number
  versions: readonly ShownVersion[]
  /** The viewer may look at what differs. */
  compares: boolean
}) {
  const { t } = useTranslation('flows')
  const { number } = useFormats()
  return (
    <ul className="versions">
      {versions.map(({ version, publishedAt, running, publication }, at) => {
        const before = versions[at + 1]?.version
        return (
          <li key={version}>
            {version === shown ? (
              <strong aria-current="true">{t('versionNumber', { version: number(version) })}</strong>
            ) : (
              <Link to={`?version=${version}`}>{t('versionNumber', { version: number(version) })}</Link>
            )}
            <span className="muted">
              <When at={publishedAt} /> · {t('runningHere', { count: running })}
            </span>
            {publication && (
              <p>
                {publication.reason}{' '}
                <small className="muted">
                  {publication.askedBy}
                  {publication.decidedBy !== null &&
                    publication.decidedBy !== publication.askedBy &&
                    ` · ${t('agreedBy', { name: publication.decidedBy })}`}
                </small>
              </p>
            )}
            {compares && before !== undefined && (
              <Link className="version-compare" to={`/flows/${flowId}/compare?from=${before}&to=${version}`}>
                {t('compareWith', { version: number(before) })}
              </Link>
            )}
          </li>
        )
      })}
    </ul>
  )
}

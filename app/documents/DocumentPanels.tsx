import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentFile, ExchangeLine, RelatedDocument, SignOff } from '#db/documents.ts'
import { FileLink } from '../components/FileLink.tsx'
import { Mark, StateMark, When } from '../components/marks.tsx'
import { PersonName } from '../components/PersonName.tsx'
import { useFormats, usePick } from '../viewer.ts'
import { fileAddress } from './ShownFile.tsx'

function Panel({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

/** The beginning of a SHA-256, the whole on hover: enough to tell two versions apart. */
function Fingerprint({ sha256 }: { sha256: string }) {
  return <code title={`SHA-256 ${sha256}`}>{sha256.slice(0, 12)}</code>
}

/** Files and their versions, each to be taken. */
export function FilesPanel({
  documentId,
  files,
  certifies,
}: {
  documentId: string
  files: readonly DocumentFile[]
  /** The viewer may sign a copy for the organisation. */
  certifies: boolean
}) {
  const { t } = useTranslation('documents')
  if (files.length === 0) return null
  return (
    <Panel title={t('section.files')}>
      <ul className="lines">
        {files.map((file) => (
          <li key={file.id}>
            <FileLink
              href={fileAddress(documentId, file.id)}
              name={file.name}
              size={file.size}
              version={file.role === 'draft' || file.version > 1 ? file.version : undefined}
            />
            <small className="muted block">
              {t(`file.role.${file.role}`)} · {file.addedBy && `${file.addedBy} · `}
              <When at={file.addedAt} /> · <Fingerprint sha256={file.sha256} />
            </small>
          </li>
        ))}
      </ul>
      {certifies && (
        <p className="panel-act">
          <Link to={`/documents/${documentId}/certify`}>{t('certify.open')}</Link>
        </p>
      )}
    </Panel>
  )
}

/** Who agreed to exactly which bytes. */
export function SignOffsPanel({ signOffs }: { signOffs: readonly SignOff[] }) {
  const { t } = useTranslation('documents')
  const pick = usePick()
  const { dateTime } = useFormats()
  if (signOffs.length === 0) return null
  return (
    <Panel title={t('section.signOffs')}>
      <ul className="lines">
        {signOffs.map((signOff) => (
          <li key={`${signOff.sha256} ${signOff.at}`}>
            <Mark tone="good" icon="done">
              {t(`signedOff.${signOff.kind}`)}
            </Mark>{' '}
            <PersonName fullName={signOff.fullName} title={pick(signOff.title, signOff.titleEn)} />
            <small className="muted block">
              {dateTime(signOff.at)} · {signOff.fileName}, {t('fileVersion', { version: signOff.fileVersion })} ·
              SHA-256 <Fingerprint sha256={signOff.sha256} />
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What it answers, and what answers it. */
export function RelationsPanel({ related }: { related: readonly RelatedDocument[] }) {
  const { t } = useTranslation('documents')
  const { date } = useFormats()
  if (related.length === 0) return null
  return (
    <Panel title={t('section.relations')}>
      <ul className="lines">
        {related.map((other) => (
          <li key={other.id}>
            <small className="muted">{t(`relation.${other.as}`)} </small>
            <Link to={`/documents/${other.id}`}>
              {other.code && <strong>{other.code} </strong>}
              {other.subject}
            </Link>{' '}
            <StateMark state={other.state} />{' '}
            {other.issuedOn && <small className="muted">{date(other.issuedOn)}</small>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What the other side was told over the exchange, and what it told us. */
export function ExchangePanel({ lines }: { lines: readonly ExchangeLine[] }) {
  const { t } = useTranslation('documents')
  if (lines.length === 0) return null
  return (
    <Panel title={t('section.exchange')}>
      <ul className="lines">
        {lines.map((line) => (
          <li key={`${line.direction} ${line.messageType} ${line.peer} ${line.statusCode} ${line.bussinessDocType}`}>
            <span>
              {line.messageType === 'edoc'
                ? line.bussinessDocType === 0
                  ? t(`exchange.edoc.${line.direction}`)
                  : t(`exchange.change.${line.bussinessDocType}`)
                : t(`exchange.${line.direction}`, {
                    status: `${line.statusCode} ${t(`exchange.status.${line.statusCode}`)}`,
                  })}
            </span>{' '}
            <Mark
              tone={
                line.state === 'sent' || line.state === 'received' ? 'good' : line.state === 'waiting' ? 'soon' : 'bad'
              }
            >
              {t(`exchange.state.${line.state}`)}
            </Mark>
            <small className="muted block">
              {line.peerName ?? line.peer} · <When at={line.at} />
              {line.description && ` · ${line.description}`}
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

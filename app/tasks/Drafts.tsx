import { useTranslation } from 'react-i18next'
import { FileLink } from '../components/FileLink.tsx'
import { When } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import '../styles/signing.css'

type Draft = ChoicesOf<'incoming.handle'>['drafts'][number]
type SignOff = ChoicesOf<'incoming.handle'>['signOffs'][number]

export const fileAddress = (file: { documentId: string; fileId: string }) =>
  `/documents/${file.documentId}/files/${file.fileId}`

/** Only a PDF can be signed. */
export const isPdf = (draft: Draft | undefined): boolean => draft?.mediaType === 'application/pdf'

/** The versions of a draft, newest first: who added which, and when. */
export function Drafts({ drafts, older = true }: { drafts: readonly Draft[]; older?: boolean }) {
  const { t } = useTranslation('tasks')
  const { t: s } = useTranslation('signing')
  const [newest, ...rest] = drafts
  if (!newest) return <p className="muted">{t('draft.none')}</p>
  return (
    <div className="drafts">
      <DraftLine draft={newest} newest />
      {!isPdf(newest) && <p className="draft-note">{s('draft.notPdf')}</p>}
      {older && rest.length > 0 && (
        <details>
          <summary>{t('draft.older', { count: rest.length })}</summary>
          {rest.map((draft) => (
            <DraftLine key={draft.fileId} draft={draft} />
          ))}
        </details>
      )}
    </div>
  )
}

function DraftLine({ draft, newest }: { draft: Draft; newest?: boolean }) {
  const { t } = useTranslation('tasks')
  return (
    <div className="draft-line" data-newest={newest ? '' : undefined}>
      <FileLink href={fileAddress(draft)} name={draft.name} size={draft.size} version={draft.version} />
      <small className="muted">
        {draft.addedBy} · <When at={draft.addedAt} /> · {t('draft.fingerprint')}{' '}
        <code>{draft.sha256.slice(0, 12)}</code>
      </small>
    </div>
  )
}

/** Exactly this version is decided on. */
export function DecidedVersion({ draft, signOffs }: { draft: Draft | undefined; signOffs: readonly SignOff[] }) {
  const { t } = useTranslation('tasks')
  const { dateTime } = useFormats()
  if (!draft) return null
  const signed = signOffs.find(({ sha256 }) => sha256 === draft.sha256)
  return (
    <>
      <input type="hidden" name="sha256" value={draft.sha256} />
      <p className="decided-version">
        {t('draft.exactly', { version: draft.version, name: draft.name })} <code>{draft.sha256.slice(0, 12)}</code>
        {signed && (
          <>
            <br />
            {t('draft.signed', { name: signed.fullName, at: dateTime(signed.at) })}
          </>
        )}
      </p>
    </>
  )
}

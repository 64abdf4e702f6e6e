import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { PageFile, TaskDocument } from '#db/task-page.ts'
import { Facts } from '../components/Facts.tsx'
import { FileLink } from '../components/FileLink.tsx'
import { SecrecyMark, UrgencyMark } from '../components/marks.tsx'
import { PdfPages } from '../components/PdfPages.tsx'
import { TestMark, VerdictMark } from '../documents/signature-marks.tsx'
import { useFormats, usePick } from '../viewer.ts'
import { fileAddress } from './Drafts.tsx'
import '../styles/signatures.css'

export type ShownFile = Pick<
  PageFile,
  'fileId' | 'documentId' | 'role' | 'name' | 'size' | 'mediaType' | 'version' | 'signed'
>

/** The document of a task: the file that is looked at, the others beside it, the facts. */
export function DocumentSide({
  document,
  files,
  shown,
  preview,
}: {
  document: TaskDocument
  files: readonly ShownFile[]
  shown: ShownFile | null
  /** The text of a .docx, paragraph by paragraph. */
  preview: readonly string[] | null
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { date } = useFormats()
  return (
    <section className="task-document" id="document" aria-labelledby="document-heading">
      <h2 id="document-heading" className="only-read">
        {t('document.heading')}
      </h2>
      {files.length > 1 && (
        <nav className="file-tabs" aria-label={t('document.files')}>
          {files.map((file) => (
            <Link
              key={file.fileId}
              to={`?file=${file.fileId}`}
              preventScrollReset
              replace
              aria-current={file.fileId === shown?.fileId || undefined}
            >
              {t(`document.role.${file.role === 'main' && file.documentId !== document.id ? 'reply' : file.role}`)}
              {file.role === 'draft' && ` ${file.version}`}
              {file.role === 'attachment' && `: ${file.name}`}
            </Link>
          ))}
        </nav>
      )}
      <ShownPages shown={shown} preview={preview} />
      <div className="panel">
        <div className="row">
          <UrgencyMark level={document.urgency} />
          <SecrecyMark level={document.secrecy} />
          <Link to={`/documents/${document.id}`}>{t('document.all')}</Link>
        </div>
        <Facts
          columns={2}
          facts={[
            { label: t('field.code'), value: document.code },
            { label: t('field.kind'), value: pick(document.kindName ?? '', document.kindNameEn ?? '') },
            { label: t('field.agency'), value: document.agencyName },
            { label: t('field.issuedOn'), value: document.issuedOn && date(document.issuedOn) },
            { label: t('field.subject'), value: document.subject },
            {
              label: t(document.direction === 'incoming' ? 'field.arrivalNumber' : 'field.registerNumber'),
              value: document.registerNumber,
            },
            { label: t('field.dueOn'), value: document.dueAt !== null && date(document.dueAt) },
            {
              label: t('field.signer'),
              value: [document.signerName, document.signerPosition].filter(Boolean).join(', '),
            },
            { label: t('field.recipients'), value: document.recipients },
            { label: t('field.bookNote'), value: document.note },
          ]}
        />
        <ul className="file-list">
          {files.map((file) => (
            <li key={file.fileId}>
              <FileLink
                href={`${fileAddress(file)}?download`}
                name={file.name}
                size={file.size}
                version={file.role === 'draft' ? file.version : undefined}
              />
              {file.signed && <SignedMark file={file} signed={file.signed} />}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

/** What its signatures are worth, and the way to each of them. */
function SignedMark({ file, signed }: { file: ShownFile; signed: NonNullable<ShownFile['signed']> }) {
  const { t } = useTranslation('signatures')
  return (
    <p className="row signed-mark">
      <small className="muted">{t('title')}:</small> <VerdictMark verdict={signed.verdict} />
      {signed.isTest && <TestMark />}
      <Link to={`/documents/${file.documentId}#signatures`}>{t('seeEach')}</Link>
    </p>
  )
}

function ShownPages({ shown, preview }: { shown: ShownFile | null; preview: readonly string[] | null }) {
  const { t } = useTranslation('tasks')
  if (!shown) return <p className="panel muted">{t('document.noFile')}</p>
  const href = fileAddress(shown)
  if (shown.mediaType === 'application/pdf') return <PdfPages url={href} name={shown.name} />
  if (/^image\/(png|jpeg)$/.test(shown.mediaType))
    return <img className="scan" src={href} alt={t('document.scan', { name: shown.name })} />
  return (
    <div className="panel">
      <p>{t(preview ? 'document.textOnly' : 'document.downloadOnly')}</p>
      <p>
        <FileLink href={`${href}?download`} name={shown.name} size={shown.size} />
      </p>
      {preview && (
        <div className="text-preview">
          {preview.map((paragraph, index) => (
            <p key={index}>{paragraph}</p>
          ))}
        </div>
      )}
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import type { DocumentFile } from '#db/documents.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { FileLink } from '../components/FileLink.tsx'
import { PdfPages } from '../components/PdfPages.tsx'

export const fileAddress = (documentId: string, fileId: string) => `/documents/${documentId}/files/${fileId}`

/** The file that is read in the page: the main one, before it is issued the newest draft. */
export function ShownFile({ documentId, files }: { documentId: string; files: readonly DocumentFile[] }) {
  const { t } = useTranslation('documents')
  const file = files.find(({ role }) => role === 'main') ?? files.find(({ role }) => role === 'draft') ?? files[0]
  if (!file) return <EmptyState title={t('file.none')}>{t('file.noneHint')}</EmptyState>
  const address = fileAddress(documentId, file.id)
  if (file.mediaType === 'application/pdf') return <PdfPages url={`${address}?inline`} name={file.name} />
  if (file.mediaType === 'image/png' || file.mediaType === 'image/jpeg')
    return (
      <figure className="scan">
        <img src={`${address}?inline`} alt={t('file.scan', { name: file.name })} />
      </figure>
    )
  return (
    <EmptyState title={t('file.notShown')}>
      <p>{t('file.notShownHint')}</p>
      <FileLink href={address} name={file.name} size={file.size} version={file.version} />
    </EmptyState>
  )
}

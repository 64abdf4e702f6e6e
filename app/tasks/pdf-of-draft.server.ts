import { buffer } from 'node:stream/consumers'
import type { FileStore } from '#db/file-store.ts'
import type { StoredContent } from '#db/start-document.ts'
import type { Logger } from 'pino'
import { wordToPdf } from '../print/word-to-pdf.ts'

const LARGEST = 100_000_000

/**
 * A draft as it was uploaded and, where that is a Word file, the PDF that is made of it: what is signed is a PDF, and everybody after the
 * author sees that. The upload alone where this server cannot make one: its author uploads it then.
 */
export async function withPdf(files: FileStore, draft: StoredContent, log: Logger): Promise<StoredContent[]> {
  const { name, sha256, size, mediaType } = draft
  const uploaded = { name, sha256, size, mediaType }
  if (mediaType === 'application/pdf') return [uploaded]
  const opened = await files.open(sha256)
  if (!opened) return [uploaded]
  const made = await wordToPdf(await buffer(opened.stream))
  if ('fault' in made) {
    log.warn({ sha256, fault: made.fault, code: 'draft-not-pdf' }, 'a draft was not converted')
    return [uploaded]
  }
  const stored = await files.put(made.pdf, LARGEST)
  return [uploaded, { name: name.replace(/\.docx$/i, '.pdf'), ...stored, mediaType: 'application/pdf' }]
}

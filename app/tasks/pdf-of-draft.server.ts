import { buffer } from 'node:stream/consumers'
import type { FileStore } from '#db/file-store.ts'
import { wordToPdf } from '../print/word-to-pdf.ts'

const LARGEST = 100_000_000

/** The PDF of a Word draft in the store, under its name; null where this server cannot make one: its author uploads it then. */
export async function pdfOfDraft(
  files: FileStore,
  { name, sha256 }: { name: string; sha256: string },
): Promise<{ name: string; sha256: string; size: number; mediaType: string } | null> {
  const opened = await files.open(sha256)
  if (!opened) return null
  const made = await wordToPdf(await buffer(opened.stream))
  if ('fault' in made) return null
  const stored = await files.put(made.pdf, LARGEST)
  return { name: name.replace(/\.docx$/i, '.pdf'), ...stored, mediaType: 'application/pdf' }
}

import { buffer } from 'node:stream/consumers'
import mammoth from 'mammoth'
import type { FileStore } from '#db/file-store.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
/** Larger files are only offered to be taken: unpacking them would hold up everybody. Bytes. */
const largest = 2_000_000
/** Paragraphs and characters that are shown. */
const mostParagraphs = 400
const mostText = 100_000

const kept = new Map<string, string[]>()
const mostKept = 50

/** The text of a .docx, paragraph by paragraph; null for other files, large ones and those that cannot be read. */
export async function previewOf(
  store: FileStore,
  file: { sha256: string; size: number; mediaType: string },
): Promise<string[] | null> {
  if (file.mediaType !== DOCX || file.size > largest) return null
  const known = kept.get(file.sha256)
  if (known) return known
  const opened = await store.open(file.sha256)
  if (!opened) return null
  const text = await mammoth
    .extractRawText({ buffer: await buffer(opened.stream) })
    .then(({ value }) => value.slice(0, mostText))
    // A document that mammoth cannot read is still there to be taken.
    .catch(() => null)
  if (text === null) return null
  const paragraphs = text
    .split(/\n+/)
    .filter((paragraph) => paragraph.trim() !== '')
    .slice(0, mostParagraphs)
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
  kept.set(file.sha256, paragraphs)
  return paragraphs
}

/**
 * Content of attachments between the wire and bytes. Senders differ: the Government Office's SDK sends base64 of a ZIP with
 * one file in it whatever the content type says, others plain base64. Reading looks at the first bytes, writing zips.
 */
import { extname } from 'node:path/posix'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { attachmentNameFault } from './attachment-name.ts'
import type { EdxmlLimits } from './limits.ts'
import { megabytes } from './limits.ts'
import { EdxmlRefusal } from './refusal.ts'

const zipStart = Buffer.from('PK\u0003\u0004', 'latin1')
const emptyZipStart = Buffer.from('PK\u0005\u0006', 'latin1')
/** Files that are ZIP archives themselves: sent as plain base64 they must not be mistaken for a wrapping. */
const zipFormats = new Set(
  '.zip .docx .docm .dotx .xlsx .xlsm .xltx .pptx .pptm .ppsx .vsdx .odt .ods .odp .odg .epub .jar .asice .asics'.split(
    ' ',
  ),
)

/** How many bytes the attachments of one message may still unpack to. */
export interface UnpackBudget {
  left: number
}

/** Strict base64, white space allowed, to bytes. `maxBytes` bounds the result. Throws `EdxmlRefusal`. */
export function decodeBase64(encoded: string, name: string, maxBytes: number): Buffer {
  const compact = /[ \t\r\n]/.test(encoded) ? encoded.replace(/[ \t\r\n]+/g, '') : encoded
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new EdxmlRefusal('attachmentEncoding', name)
  }
  if ((compact.length / 4) * 3 > maxBytes + 2) {
    throw new EdxmlRefusal('attachmentTooLarge', `${name} > ${megabytes(maxBytes)}`)
  }
  return Buffer.from(compact, 'base64')
}

/** The file that an attachment's bytes stand for: taken out of its ZIP, or as it is. Throws `EdxmlRefusal`. */
export async function unpackAttachment(
  wire: Buffer,
  name: string,
  limits: EdxmlLimits,
  budget: UnpackBudget,
): Promise<Buffer> {
  const content = isZip(wire) ? await unzip(wire, name, limits, budget) : wire
  spend(content.length, name, limits, budget)
  return content
}

function isZip(wire: Buffer): boolean {
  return wire.subarray(0, 4).equals(zipStart) || wire.subarray(0, 4).equals(emptyZipStart)
}

function spend(bytes: number, name: string, limits: EdxmlLimits, budget: UnpackBudget): void {
  if (bytes > limits.attachmentBytes) {
    throw new EdxmlRefusal('attachmentTooLarge', `${name} > ${megabytes(limits.attachmentBytes)}`)
  }
  if (bytes > budget.left) {
    throw new EdxmlRefusal('attachmentsTooLarge', `> ${megabytes(limits.attachmentsBytes)}`)
  }
  budget.left -= bytes
}

async function unzip(wire: Buffer, name: string, limits: EdxmlLimits, budget: UnpackBudget): Promise<Buffer> {
  const extension = extname(name).toLowerCase()
  const mayBeItself = zipFormats.has(extension)
  const invalid = (error: unknown) => new EdxmlRefusal('zipInvalid', `${name}: ${String(error)}`)

  const zip = await yauzl
    .fromBufferPromise(wire, { lazyEntries: true, decodeStrings: true })
    .catch((error: unknown) => {
      throw invalid(error)
    })
  if (zip.entryCount !== 1) {
    if (mayBeItself) return wire
    throw new EdxmlRefusal('zipEntries', `${name}: ${zip.entryCount}`)
  }
  const entry = await firstEntry(zip).catch((error: unknown) => {
    // The library refuses `../`, absolute paths and backslashes itself.
    if (/invalid relative path|absolute path|invalid characters in fileName/.test(String(error))) {
      throw new EdxmlRefusal('attachmentName', `${name}: ${String(error)}`)
    }
    throw invalid(error)
  })
  // A .zip sent plainly holds a file of another kind; one that was wrapped holds a .zip.
  if (mayBeItself && extname(entry.fileName).toLowerCase() !== extension) return wire
  const fault = attachmentNameFault(entry.fileName)
  if (fault) throw new EdxmlRefusal('attachmentName', `${entry.fileName}: ${fault}`)
  if (entry.isEncrypted()) throw invalid('encrypted')
  spend(entry.uncompressedSize, name, limits, { left: budget.left })
  return inflate(zip, entry, name, limits, budget)
}

function firstEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry> {
  return new Promise((resolve, reject) => {
    zip.once('error', reject)
    zip.once('entry', resolve)
    zip.once('end', () => reject(new Error('no entry')))
    zip.readEntry()
  })
}

/** Counts what really comes out: the size in the directory is the sender's word. */
async function inflate(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  name: string,
  limits: EdxmlLimits,
  budget: UnpackBudget,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const piece of stream as AsyncIterable<Buffer>) {
      bytes += piece.length
      spend(bytes, name, limits, { left: budget.left })
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof EdxmlRefusal) throw error
    throw new EdxmlRefusal('zipInvalid', `${name}: ${String(error)}`)
  }
  return Buffer.concat(pieces, bytes)
}

/** Midnight of the first day a ZIP can name: the same file gives the same bytes at any time and in any zone. */
const zipEpoch = new Date(1980, 0, 1)

/** A ZIP holding one file, the same bytes each time. */
export async function packAttachment(name: string, content: Uint8Array): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  zip.addBuffer(buffer, name, { mtime: zipEpoch, mode: 0o100644, forceDosTimestamp: true })
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

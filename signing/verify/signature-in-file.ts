import { PdfFault } from '../pdf/pdf-fault.ts'
import { PdfFile, type ReadObjects } from '../pdf/pdf-file.ts'
import { contentsOf, type SignatureField } from '../pdf/signature-fields.ts'
import { trimmed } from '../cms/read-signed-data.ts'
import { endsCleanly } from './update-structure.ts'
import type { ReasonCode } from './reasons.ts'

/** A signature's bytes in the file: what it is over, and what the file was when it was made. */
export interface PlacedSignature {
  field: SignatureField
  fault?: ReasonCode
  cms?: Buffer
  signed?: Uint8Array[]
  /** The file as it ended with this signature. */
  revision?: PdfFile
  /** Where the signed part ends. */
  end: number
}

/**
 * Finds a signature's bytes and checks that its range embraces the whole file as it was, with nothing left out but the
 * signature itself: a wider hole, another order or a second copy of the contents are the tricks of signature wrapping.
 */
export function placeSignature(file: PdfFile, field: SignatureField, read: ReadObjects): PlacedSignature {
  const fault = (code: ReasonCode, end = 0): PlacedSignature => ({ field, fault: code, end })
  const dict = field.value!
  const contents = contentsOf(dict)
  const range = dict.get('ByteRange')
  const holder = file.place((field.valueRef ?? field.ref).number)
  if (!contents || contents.bytes.length === 0) return fault('no-contents')
  if (!Array.isArray(range) || range.length !== 4 || !range.every((one) => Number.isSafeInteger(one)))
    return fault('byte-range')
  const [start, first, second, rest] = range as [number, number, number, number]
  const end = second + rest
  // Inside an object stream there are no bytes of the file to leave out.
  const inFile = holder !== undefined && holder !== 'free' && 'at' in holder
  if (start !== 0 || !inFile || !contents.hex || first !== contents.start || second !== contents.end)
    return fault('byte-range')
  if (rest <= 0 || end > file.bytes.length) return fault('byte-range')
  const hole = Buffer.from(file.bytes.buffer, file.bytes.byteOffset + first + 1, second - first - 2).toString('latin1')
  // One writer writes one way: digits in both cases, or white space, are bytes that somebody changed.
  if (!/^(?:[0-9a-f]*|[0-9A-F]*)$/.test(hole)) return fault('malformed', end)
  const cms = trimmed(contents.bytes)
  if (!cms) return fault('malformed', end)
  if (!cms.clean) return fault('malformed', end)
  try {
    const revision = end === file.bytes.length ? file : new PdfFile(file.bytes.subarray(0, end), read)
    const before = revision.dict(field.ref)
    const same = before && revision.resolve(before.get('V')) === file.resolve(field.dict.get('V'))
    if (!endsCleanly(revision) || !same) return fault('structure', end)
    const signed = [file.bytes.subarray(0, first), file.bytes.subarray(second, end)]
    return { field, cms: cms.der, signed, revision, end }
  } catch (error) {
    if (error instanceof PdfFault) return fault('structure', end)
    throw error
  }
}

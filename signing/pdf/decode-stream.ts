import { inflateSync } from 'node:zlib'
import { PdfFault } from './pdf-fault.ts'
import { isName, PdfDict, type PdfStream, type PdfValue } from './values.ts'

/** Beyond this a compressed cross-reference or object stream is a bomb, not a document. */
const MAX_DECODED = 256 * 1024 * 1024

const first = (value: PdfValue | undefined): PdfValue | undefined => (Array.isArray(value) ? value[0] : value)

/** Undoes FlateDecode with its predictors: the filters of cross-reference and object streams. Others are a fault. */
export function decodeStream(stream: PdfStream): Uint8Array {
  const filter = stream.dict.get('Filter')
  if (filter === undefined || (Array.isArray(filter) && filter.length === 0)) return stream.raw
  if ((Array.isArray(filter) && filter.length > 1) || !isName(first(filter), 'FlateDecode'))
    throw new PdfFault('a stream with a filter that structure does not use', 0)
  let data: Uint8Array
  try {
    data = inflateSync(stream.raw, { maxOutputLength: MAX_DECODED })
  } catch (error) {
    throw new PdfFault(`a stream that cannot be unpacked: ${(error as Error).message}`, 0)
  }
  const parms = first(stream.dict.get('DecodeParms'))
  if (!(parms instanceof PdfDict)) return data
  const number = (key: string, otherwise: number) => {
    const value = parms.get(key)
    return typeof value === 'number' ? value : otherwise
  }
  const predictor = number('Predictor', 1)
  if (predictor === 1) return data
  if (predictor < 10) throw new PdfFault('a predictor that structure does not use', 0)
  return undoPng(
    data,
    number('Columns', 1) * number('Colors', 1),
    (number('Colors', 1) * number('BitsPerComponent', 8)) >> 3,
  )
}

/** The PNG predictors (RFC 2083, 6), `width` bytes a row. */
function undoPng(data: Uint8Array, width: number, step: number): Uint8Array {
  const pixel = Math.max(1, step)
  const rows = Math.ceil(data.length / (width + 1))
  const out = new Uint8Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const from = row * (width + 1)
    const to = row * width
    const kind = data[from]!
    for (let i = 0; i < width; i++) {
      const left = i >= pixel ? out[to + i - pixel]! : 0
      const up = row > 0 ? out[to + i - width]! : 0
      const corner = row > 0 && i >= pixel ? out[to + i - width - pixel]! : 0
      out[to + i] = (data[from + 1 + i] ?? 0) + predicted(kind, left, up, corner)
    }
  }
  return out
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  if (kind === 1) return left
  if (kind === 2) return up
  if (kind === 3) return (left + up) >> 1
  if (kind !== 4) return 0
  const guess = left + up - corner
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

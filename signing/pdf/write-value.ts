import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfValue } from './values.ts'

const REGULAR = /[!"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]/

function writeName(value: string): string {
  let out = '/'
  for (const byte of Buffer.from(value, 'latin1')) {
    const char = String.fromCharCode(byte)
    out += REGULAR.test(char) ? char : `#${byte.toString(16).padStart(2, '0')}`
  }
  return out
}

function writeNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return value.toFixed(6).replace(/\.?0+$/, '')
}

/** A value as it stands in a file. Strings are written in hexadecimal, which needs no escapes. */
export function writeValue(value: PdfValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return writeNumber(value)
  if (value instanceof PdfName) return writeName(value.value)
  if (value instanceof PdfString) return `<${Buffer.from(value.bytes).toString('hex')}>`
  if (value instanceof PdfRef) return `${value.number} ${value.generation} R`
  if (value instanceof PdfDict) {
    const inside = [...value.entries].map(([key, entry]) => `${writeName(key)} ${writeValue(entry)}`)
    return `<<${inside.join('\n')}>>`
  }
  if (value instanceof PdfStream) throw new TypeError('a stream is always an indirect object')
  return `[${value.map(writeValue).join(' ')}]`
}

/** `7 0 obj … endobj` with its line ends. */
export function writeObject(ref: PdfRef, value: PdfValue): Buffer {
  const head = `${ref.number} ${ref.generation} obj\n`
  if (!(value instanceof PdfStream)) return Buffer.from(`${head}${writeValue(value)}\nendobj\n`, 'latin1')
  const dict = value.dict.copy().set('Length', value.raw.length)
  return Buffer.concat([
    Buffer.from(`${head}${writeValue(dict)}\nstream\n`, 'latin1'),
    value.raw,
    Buffer.from('\nendstream\nendobj\n', 'latin1'),
  ])
}

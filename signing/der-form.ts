/** Nesting beyond this is an attack on the stack. */
const MAX_DEPTH = 60

/**
 * Whether bytes are one value in DER's form: lengths definite and shortest, members filling their container exactly
 * (X.690, 10). asn1js reads more than that; what it would overlook is a byte that somebody changed.
 */
export function isDer(bytes: Uint8Array): boolean {
  return valueEnd(bytes, 0, bytes.length, 0) === bytes.length
}

/** Where the value at `at` ends; -1 where there is none in this form. */
function valueEnd(bytes: Uint8Array, at: number, end: number, depth: number): number {
  if (depth > MAX_DEPTH || at + 2 > end) return -1
  const tag = bytes[at]!
  // Tags above 30 take more bytes and are in nothing that is read here; tag 0 of the universal class ends BER's open lengths.
  if ((tag & 0x1f) === 0x1f || tag === 0) return -1
  const first = bytes[at + 1]!
  const count = first & 0x80 ? first & 0x7f : 0
  let length = count === 0 ? first : 0
  const start = at + 2 + count
  if (first === 0x80 || count > 4 || start > end) return -1
  for (let i = at + 2; i < start; i++) length = length * 256 + bytes[i]!
  if (count > 0 && (length < 128 || bytes[at + 2] === 0)) return -1
  const stop = start + length
  if (stop > end || !primitiveForm(bytes, tag, start, length)) return -1
  if (!(tag & 0x20)) return stop
  for (let inner = start; inner < stop;) {
    inner = valueEnd(bytes, inner, stop, depth + 1)
    if (inner < 0) return -1
  }
  return stop
}

function primitiveForm(bytes: Uint8Array, tag: number, start: number, length: number): boolean {
  switch (tag) {
    case 1:
      return length === 1 && (bytes[start] === 0 || bytes[start] === 0xff)
    case 2: {
      if (length === 0) return false
      const [head, next] = [bytes[start]!, bytes[start + 1] ?? 0]
      return length === 1 || !((head === 0 && next < 0x80) || (head === 0xff && next >= 0x80))
    }
    case 5:
      return length === 0
    case 6:
      return length > 0 && bytes[start + length - 1]! < 0x80
    // SEQUENCE and SET are always constructed, strings in DER never.
    case 0x10:
    case 0x11:
    case 0x23:
    case 0x24:
      return false
    default:
      return true
  }
}

import { integer, sequence } from '../asn1.ts'

/** The two halves that a token answers (`r ‖ s`) as the DER that CMS and X.509 use. */
export function ecdsaValue(raw: Uint8Array): Buffer {
  const half = raw.length / 2
  const number = (bytes: Uint8Array) => {
    let start = 0
    while (start < bytes.length - 1 && bytes[start] === 0) start++
    const plain = Buffer.from(bytes.subarray(start))
    return integer(plain[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), plain]) : plain)
  }
  return sequence(number(raw.subarray(0, half)), number(raw.subarray(half)))
}

import { integer, sequence } from '../asn1.ts'

/** The two halves that a token answers, and XML carries (`r ‖ s`), as the DER that CMS and X.509 use. */
export function ecdsaToDer(raw: Uint8Array): Buffer {
  const half = raw.length / 2
  const number = (bytes: Uint8Array) => {
    let start = 0
    while (start < bytes.length - 1 && bytes[start] === 0) start++
    const plain = Buffer.from(bytes.subarray(start))
    return integer(plain[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), plain]) : plain)
  }
  return sequence(number(raw.subarray(0, half)), number(raw.subarray(half)))
}

/** The other way: DER as `r ‖ s`, each of `size` bytes. */
export function ecdsaFromDer(der: Uint8Array, size: number): Buffer {
  const out = Buffer.alloc(size * 2)
  let at = der[1]! & 0x80 ? 3 : 2
  for (let half = 0; half < 2; half++) {
    const length = der[at + 1]!
    const bytes = Buffer.from(der.subarray(at + 2, at + 2 + length))
    const plain = bytes.subarray(Math.max(0, bytes.length - size))
    plain.copy(out, half * size + size - plain.length)
    at += 2 + length
  }
  return out
}

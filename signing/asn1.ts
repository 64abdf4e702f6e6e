import * as asn1js from 'asn1js'

/**
 * DER, written as bytes: what is quoted (a name, a certificate, an attribute set) goes in byte for byte, because
 * signatures are over those bytes. Reading is asn1js's and PKI.js's.
 */
export type Asn1 = Buffer

function tagged(tag: number, ...content: Uint8Array[]): Asn1 {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  const head = length < 128 ? [tag, length] : [tag, 0x80 | bytes.length, ...bytes]
  return Buffer.concat([Buffer.from(head), ...content])
}

export const sequence = (...value: Uint8Array[]): Asn1 => tagged(0x30, ...value)
/** DER orders a SET OF by its members' encodings (X.690, 11.6). */
export const set = (...value: Uint8Array[]): Asn1 => tagged(0x31, ...value.toSorted(Buffer.compare))
export const nul = (): Asn1 => tagged(5)
export const bool = (value: boolean): Asn1 => tagged(1, Buffer.from([value ? 0xff : 0]))
export const utf8 = (value: string): Asn1 => tagged(12, Buffer.from(value))
export const octets = (bytes: Uint8Array): Asn1 => tagged(4, bytes)
export const enumerated = (value: number): Asn1 => tagged(10, Buffer.from([value]))
export const bits = (bytes: Uint8Array, unusedBits = 0): Asn1 => tagged(3, Buffer.from([unusedBits]), bytes)

/** A number below 2^47, or the content bytes of an INTEGER as they are. */
export function integer(value: number | Uint8Array): Asn1 {
  if (typeof value !== 'number') return tagged(2, value)
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  if (bytes.length === 0 || bytes[0]! >= 128) bytes.unshift(0)
  return tagged(2, Buffer.from(bytes))
}

export function oid(value: string): Asn1 {
  const [first, second, ...rest] = value.split('.').map(Number) as [number, number, ...number[]]
  const out: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc % 128]
    for (let above = Math.floor(arc / 128); above > 0; above = Math.floor(above / 128))
      group.unshift((above % 128) | 128)
    out.push(...group)
  }
  return tagged(6, Buffer.from(out))
}

const digits = (at: Date) => at.toISOString().replace(/\D/g, '').slice(0, 14)

/** UTCTime up to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). Whole seconds. */
export function time(at: Date): Asn1 {
  return at.getUTCFullYear() < 2050 ? tagged(23, Buffer.from(`${digits(at).slice(2)}Z`)) : generalizedTime(at)
}

export function generalizedTime(at: Date): Asn1 {
  return tagged(24, Buffer.from(`${digits(at)}Z`))
}

/** `[tag] EXPLICIT value`. */
export const explicit = (tag: number, ...value: Uint8Array[]): Asn1 => tagged(0xa0 | tag, ...value)
/** `[tag] IMPLICIT` over primitive content. */
export const implicit = (tag: number, bytes: Uint8Array): Asn1 => tagged(0x80 | tag, bytes)

/** What PKI.js holds, as bytes. */
export function der(value: { toBER(): ArrayBuffer }): Buffer {
  return Buffer.from(value.toBER())
}

/** Reads one value that fills `bytes`; throws where it does not. */
export function fromDer(bytes: Uint8Array): asn1js.AsnType {
  // A copy of its own: asn1js takes views for whole buffers in places.
  const { offset, result } = asn1js.fromBER(Uint8Array.from(bytes))
  if (offset === -1 || offset !== bytes.length) throw new Error(result.error || 'more bytes than one ASN.1 value')
  return result
}

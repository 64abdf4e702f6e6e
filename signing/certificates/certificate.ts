import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import type * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'
import { der, fromDer } from '../asn1.ts'
import { isDer } from '../der-form.ts'

export interface DistinguishedName {
  /** The name as encoded: two names are one when these bytes are. */
  raw: Buffer
  commonName?: string
  organisation?: string
  unit?: string
  title?: string
  email?: string
  /** `CN=…, O=…`: everything, for a person who looks closely. */
  text: string
}

export interface Certificate {
  der: Buffer
  /** SHA-256 over the certificate, hexadecimal. */
  fingerprint: string
  subject: DistinguishedName
  issuer: DistinguishedName
  /** Hexadecimal, as OpenSSL prints it. */
  serial: string
  notBefore: Date
  notAfter: Date
  publicKey: KeyObject
  /** What its issuer signed, and with what. */
  tbs: Buffer
  signatureAlgorithm: pkijs.AlgorithmIdentifier
  signature: Buffer
  isCa: boolean
  pathLength?: number
  /** Bits of KeyUsage by their names in RFC 5280; undefined where the extension is missing: every use. */
  keyUsage?: Set<KeyUse>
  extendedKeyUsage?: { oids: string[]; critical: boolean }
  /** Critical extensions that iMOIT does not know: such a certificate may not be relied on. */
  unknownCritical: string[]
  /** The responder's certificate needs no revocation check (RFC 6960, 4.2.2.2.1). */
  noCheck: boolean
  subjectKeyId?: string
  parsed: pkijs.Certificate
}

export const KEY_USES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUse = (typeof KEY_USES)[number]

const NAME_OIDS: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.5': 'serialNumber',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.1': 'E',
}

/** Extensions whose meaning is honoured, or that only inform. Name constraints are not among them. */
const KNOWN_EXTENSIONS = new Set([
  '2.5.29.14',
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.18',
  '2.5.29.19',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.35',
  '2.5.29.37',
  '1.3.6.1.5.5.7.1.1',
  '1.3.6.1.5.5.7.1.3',
  '1.3.6.1.5.5.7.48.1.5',
])

function nameOf(name: pkijs.RelativeDistinguishedNames): DistinguishedName {
  const parts = name.typesAndValues.map(({ type, value }) => ({
    key: NAME_OIDS[type] ?? type,
    value: String((value as { valueBlock: { value?: unknown } }).valueBlock.value ?? ''),
  }))
  const find = (key: string) => parts.findLast((part) => part.key === key)?.value
  return {
    raw: Buffer.from(name.valueBeforeDecode),
    commonName: find('CN'),
    organisation: find('O'),
    unit: find('OU'),
    title: find('T'),
    email: find('E'),
    text: parts.map(({ key, value }) => `${key}=${value}`).join(', '),
  }
}

const KEPT = 500
const kept = new Map<string, Certificate>()

/** Reads a certificate from DER; throws where it is none. What has been read is kept by its fingerprint. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const fingerprint = createHash('sha256').update(bytes).digest('hex')
  const known = kept.get(fingerprint)
  if (known) return known
  const certificate = parse(Buffer.from(bytes), fingerprint)
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!)
  kept.set(fingerprint, certificate)
  return certificate
}

function parse(bytes: Buffer, fingerprint: string): Certificate {
  const x509 = new X509Certificate(bytes)
  const parsed = new pkijs.Certificate({ schema: fromDer(bytes) })
  if (!der(parsed.signature.toSchema()).equals(der(parsed.signatureAlgorithm.toSchema())))
    throw new Error('a certificate that names two signature algorithms')
  if (!isDer(bytes) || parsed.signatureValue.valueBlock.unusedBits !== 0)
    throw new Error('a certificate that is not in the form of DER')
  const extensions = parsed.extensions ?? []
  if (new Set(extensions.map((extension) => extension.extnID)).size !== extensions.length)
    throw new Error('a certificate with one extension twice')
  const email = extensions.find((extension) => extension.extnID === '2.5.29.17')?.parsedValue as
    pkijs.AltName | undefined
  const find = (id: string) => extensions.find((extension) => extension.extnID === id)
  const basic = find('2.5.29.19')?.parsedValue as pkijs.BasicConstraints | undefined
  const uses = find('2.5.29.15')?.parsedValue as asn1js.BitString | undefined
  const extended = find('2.5.29.37')
  const keyId = find('2.5.29.14')?.parsedValue as asn1js.OctetString | undefined
  const subject = nameOf(parsed.subject)
  subject.email ??= email?.altNames?.find((name) => name.type === 1)?.value as string | undefined
  return {
    der: bytes,
    fingerprint,
    subject,
    issuer: nameOf(parsed.issuer),
    serial: x509.serialNumber,
    notBefore: parsed.notBefore.value,
    notAfter: parsed.notAfter.value,
    publicKey: x509.publicKey,
    tbs: Buffer.from(parsed.tbsView),
    signatureAlgorithm: parsed.signatureAlgorithm,
    signature: Buffer.from(parsed.signatureValue.valueBlock.valueHexView),
    isCa: basic?.cA === true,
    pathLength: typeof basic?.pathLenConstraint === 'number' ? basic.pathLenConstraint : undefined,
    keyUsage: uses ? usesOf(Buffer.from(uses.valueBlock.valueHexView)) : undefined,
    extendedKeyUsage: extended
      ? { oids: (extended.parsedValue as pkijs.ExtKeyUsage).keyPurposes, critical: extended.critical }
      : undefined,
    unknownCritical: extensions
      .filter((extension) => extension.critical && !KNOWN_EXTENSIONS.has(extension.extnID))
      .map((extension) => extension.extnID),
    noCheck: find('1.3.6.1.5.5.7.48.1.5') !== undefined,
    subjectKeyId: keyId ? Buffer.from(keyId.valueBlock.valueHexView).toString('hex') : undefined,
    parsed,
  }
}

function usesOf(mask: Buffer): Set<KeyUse> {
  return new Set(KEY_USES.filter((_, bit) => ((mask[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1))
}

/** `-----BEGIN CERTIFICATE-----` and its like. */
export function toPem(label: 'CERTIFICATE' | 'X509 CRL', bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,64}/g)!
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** Every certificate in a PEM text, or the one that DER holds. */
export function readCertificates(bytes: Uint8Array): Certificate[] {
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.includes('-----BEGIN')) return [readCertificate(bytes)]
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map(([, body]) =>
    readCertificate(Buffer.from(body!, 'base64')),
  )
}

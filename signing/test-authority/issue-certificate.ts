import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto'
import { digestFor, signatureAlgorithm, type DigestName } from '../algorithms.ts'
import {
  bits,
  bool,
  explicit,
  implicit,
  integer,
  nul,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
  type Asn1,
} from '../asn1.ts'
import { KEY_USES, readCertificate, type Certificate, type KeyUse } from '../certificates/certificate.ts'

export interface SubjectName {
  commonName: string
  organisation?: string
  unit?: string
  title?: string
}

export interface CertificateRequest {
  subject: SubjectName
  publicKey: KeyObject
  notBefore: Date
  notAfter: Date
  ca?: { pathLength?: number }
  keyUsage?: KeyUse[]
  extendedKeyUsage?: { oids: string[]; critical?: boolean }
  email?: string
  noCheck?: boolean
  /** For tests of what must be refused: `sha1` signs weakly, an extension nobody knows is critical. */
  digest?: DigestName | 'sha1'
  unknownCritical?: boolean
  serial?: Buffer
}

export interface Issuer {
  /** Undefined for a root, which issues itself. */
  certificate?: Certificate
  key: KeyObject
}

const NAMES: [keyof SubjectName, string][] = [
  ['organisation', '2.5.4.10'],
  ['unit', '2.5.4.11'],
  ['title', '2.5.4.12'],
  ['commonName', '2.5.4.3'],
]

function nameDer(name: SubjectName): Asn1 {
  const country = set(sequence(oid('2.5.4.6'), utf8('VN')))
  const parts = NAMES.flatMap(([key, id]) => (name[key] ? [set(sequence(oid(id), utf8(name[key])))] : []))
  return sequence(country, ...parts)
}

const SHA1_WITH: Record<string, Asn1> = {
  rsa: sequence(oid('1.2.840.113549.1.1.5'), nul()),
  ec: sequence(oid('1.2.840.10045.4.1')),
}

function algorithm(key: KeyObject, digest: DigestName | 'sha1'): Asn1 {
  const kind = key.asymmetricKeyType === 'ec' ? 'ec' : 'rsa'
  return digest === 'sha1' ? SHA1_WITH[kind]! : signatureAlgorithm(kind, digest)
}

/** `SEQUENCE { tbs, algorithm, signature }`: a certificate, a list, an OCSP answer. */
export function signed(tbs: Asn1, key: KeyObject, digest: DigestName | 'sha1', ...rest: Asn1[]): Buffer {
  const bytes = tbs
  const value = sign(digest, bytes, { key, dsaEncoding: 'der' })
  return sequence(bytes, algorithm(key, digest), bits(value), ...rest)
}

export const keyIdentifier = (key: KeyObject): Buffer => {
  const spki = key.export({ type: 'spki', format: 'der' })
  // The BIT STRING is the last field; SHA-1 over the key is only a name here (RFC 5280, 4.2.1.2).
  return createHash('sha1').update(spki).digest()
}

/** Issues a certificate for a public key. */
export function issueCertificate(request: CertificateRequest, issuer: Issuer): Certificate {
  const digest = request.digest ?? digestFor(issuer.key)
  const extension = (id: string, value: Asn1, critical = false) =>
    sequence(oid(id), ...(critical ? [bool(true)] : []), octets(value))
  const extensions = [extension('2.5.29.14', octets(keyIdentifier(request.publicKey)))]
  const issuerId = issuer.certificate?.subjectKeyId
  if (issuerId) extensions.push(extension('2.5.29.35', sequence(implicit(0, Buffer.from(issuerId, 'hex')))))
  if (request.ca) {
    const length = request.ca.pathLength
    extensions.push(
      extension('2.5.29.19', sequence(bool(true), ...(length === undefined ? [] : [integer(length)])), true),
    )
  }
  if (request.keyUsage) extensions.push(extension('2.5.29.15', usageBits(request.keyUsage), true))
  if (request.extendedKeyUsage) {
    const uses = sequence(...request.extendedKeyUsage.oids.map(oid))
    extensions.push(extension('2.5.29.37', uses, request.extendedKeyUsage.critical))
  }
  if (request.email)
    extensions.push(extension('2.5.29.17', sequence(implicit(1, Buffer.from(request.email, 'latin1')))))
  if (request.noCheck) extensions.push(extension('1.3.6.1.5.5.7.48.1.5', nul()))
  if (request.unknownCritical) extensions.push(extension('1.3.6.1.4.1.99999.1', nul(), true))

  const tbs = sequence(
    explicit(0, integer(2)),
    integer(request.serial ?? newSerial()),
    algorithm(issuer.key, digest),
    issuer.certificate ? issuer.certificate.subject.raw : nameDer(request.subject),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameDer(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  )
  return readCertificate(signed(tbs, issuer.key, digest))
}

/** Sixteen bytes, the first neither negative nor zero. */
function newSerial(): Buffer {
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  return serial
}

function usageBits(uses: KeyUse[]): Asn1 {
  const mask = Buffer.alloc(2)
  let highest = 0
  for (const use of uses) {
    const bit = KEY_USES.indexOf(use)
    mask[bit >> 3]! |= 0x80 >> (bit & 7)
    highest = Math.max(highest, bit)
  }
  const length = (highest >> 3) + 1
  return bits(mask.subarray(0, length), length * 8 - 1 - highest)
}

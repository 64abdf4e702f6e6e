import { createHash, type KeyObject } from 'node:crypto'
import * as pkijs from 'pkijs'
import { digestFor, signatureAlgorithm } from '../algorithms.ts'
import {
  der,
  enumerated,
  explicit,
  fromDer,
  generalizedTime,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  time,
  type Asn1,
} from '../asn1.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { signed } from './issue-certificate.ts'

export interface Revocation {
  /** Hexadecimal. */
  serial: string
  at: Date
  /** The number in RFC 5280, 5.3.1; 4: superseded. */
  reason: number
}

const OCSP_LIFE_MS = 24 * 3_600_000
const CRL_LIFE_MS = 7 * 24 * 3_600_000

/** The issuer's full list as of `at`. */
export function makeCrl(
  issuer: Certificate,
  key: KeyObject,
  revocations: Revocation[],
  number: number,
  at: Date,
): Buffer {
  const digest = digestFor(key)
  const entries = revocations.map(({ serial, at: revokedAt, reason }) =>
    sequence(
      integer(positive(serial)),
      time(revokedAt),
      sequence(sequence(oid('2.5.29.21'), octets(enumerated(reason)))),
    ),
  )
  const tbs = sequence(
    integer(1),
    signatureAlgorithm(key.asymmetricKeyType === 'ec' ? 'ec' : 'rsa', digest),
    issuer.subject.raw,
    time(at),
    time(new Date(at.getTime() + CRL_LIFE_MS)),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(
      0,
      sequence(
        sequence(oid('2.5.29.35'), octets(sequence(implicit(0, Buffer.from(issuer.subjectKeyId!, 'hex'))))),
        sequence(oid('2.5.29.20'), octets(integer(number))),
      ),
    ),
  )
  return signed(tbs, key, digest)
}

const positive = (hex: string): Buffer => {
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return bytes[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
}

export interface OcspResponder {
  certificate: Certificate
  key: KeyObject
}

/** What a responder knows of a serial number: `undefined` where it never issued it. */
export type StatusOf = (serial: string) => 'good' | Revocation | undefined

/** Answers an OCSPRequest (RFC 6960). A request that cannot be read gets `malformedRequest`. */
export function answerOcsp(request: Uint8Array, responder: OcspResponder, statusOf: StatusOf, at: Date): Buffer {
  let asked: pkijs.OCSPRequest
  try {
    asked = new pkijs.OCSPRequest({ schema: fromDer(request) })
  } catch {
    return sequence(enumerated(1))
  }
  const nonce = asked.tbsRequest.requestExtensions?.find((one) => one.extnID === '1.3.6.1.5.5.7.48.1.2')
  const singles = asked.tbsRequest.requestList.map(({ reqCert }) => {
    const serial = Buffer.from(reqCert.serialNumber.valueBlock.valueHexView).toString('hex')
    return sequence(
      der(reqCert.toSchema()),
      status(statusOf(serial)),
      generalizedTime(at),
      explicit(0, generalizedTime(new Date(at.getTime() + OCSP_LIFE_MS))),
    )
  })
  const keyBits = responder.certificate.parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  const tbs = sequence(
    explicit(2, octets(createHash('sha1').update(keyBits).digest())),
    generalizedTime(at),
    sequence(...singles),
    ...(nonce ? [explicit(1, sequence(der(nonce.toSchema())))] : []),
  )
  const certificates = explicit(0, sequence(responder.certificate.der))
  const basic = signed(tbs, responder.key, digestFor(responder.key), certificates)
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))))
}

function status(known: ReturnType<StatusOf>): Asn1 {
  if (known === 'good') return implicit(0, new Uint8Array())
  if (!known) return implicit(2, new Uint8Array())
  return explicit(1, generalizedTime(known.at), explicit(0, enumerated(known.reason)))
}

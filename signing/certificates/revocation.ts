import { createHash } from 'node:crypto'
import type * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'
import { checkSignature } from '../algorithms.ts'
import { fromDer } from '../asn1.ts'
import { readCertificate, type Certificate } from './certificate.ts'
import { buildPath } from './path.ts'

export type RevocationKind = 'ocsp' | 'crl'
/** Where an answer came from: inside the file, asked for now, or kept with the document when it arrived. */
export type RevocationOrigin = 'file' | 'asked' | 'kept'

export interface RevocationData {
  kind: RevocationKind
  /** An OCSPResponse or a CertificateList. */
  der: Buffer
  origin: RevocationOrigin
}

/** What one believable answer says of one certificate. */
export interface RevocationAnswer extends RevocationData {
  status: 'good' | 'revoked'
  thisUpdate: Date
  nextUpdate?: Date
  /** `status` revoked: since when, and the reason's number in RFC 5280, 5.3.1. */
  revokedAt?: Date
  reason?: number
}

export type RevocationResult =
  { status: 'good'; answer: RevocationAnswer } | { status: 'revoked'; answer: RevocationAnswer } | { status: 'unknown' }

/** How old an answer without a next update may be. */
const WITHOUT_NEXT_UPDATE_MS = 7 * 24 * 3_600_000
/** Clocks differ. */
const SKEW_MS = 5 * 60_000

/**
 * Whether `certificate` was revoked at `at`, by the answers at hand. An answer counts when its signer may speak for the
 * issuer, and when it was in force at `at` or was given later. `revoked` is told with its instant: one that lies after
 * `at` leaves the certificate good at `at`.
 */
export function revocationAt(
  certificate: Certificate,
  issuer: Certificate,
  data: RevocationData[],
  at: Date,
): RevocationResult {
  let best: RevocationAnswer | undefined
  for (const one of data) {
    const answer = one.kind === 'ocsp' ? readOcsp(one, certificate, issuer) : readCrl(one, certificate, issuer)
    if (!answer) continue
    const until = answer.nextUpdate?.getTime() ?? answer.thisUpdate.getTime() + WITHOUT_NEXT_UPDATE_MS
    if (answer.status === 'revoked' && answer.revokedAt! <= at) return { status: 'revoked', answer }
    const covers = answer.thisUpdate >= at || until >= at.getTime()
    const tooNew = answer.thisUpdate.getTime() > Date.now() + SKEW_MS
    if (covers && !tooNew && (!best || answer.thisUpdate > best.thisUpdate)) best = answer
  }
  return best ? { status: 'good', answer: best } : { status: 'unknown' }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const serialOf = (value: asn1js.Integer) => hex(value.valueBlock.valueHexView).replace(/^(00)+(?=..)/, '')
const sameSerial = (value: asn1js.Integer, certificate: Certificate) =>
  serialOf(value) === certificate.serial.toLowerCase().replace(/^(00)+(?=..)/, '')

const OCSP_HASHES: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** The BasicOCSPResponse inside an OCSPResponse; undefined where the responder gave none. */
export function basicResponse(bytes: Uint8Array): pkijs.BasicOCSPResponse | undefined {
  const response = new pkijs.OCSPResponse({ schema: fromDer(bytes) })
  if (response.responseStatus.valueBlock.valueDec !== 0 || !response.responseBytes) return undefined
  return new pkijs.BasicOCSPResponse({
    schema: fromDer(new Uint8Array(response.responseBytes.response.valueBlock.valueHexView)),
  })
}

interface ParsedOcsp {
  basic: pkijs.BasicOCSPResponse
  certificates: Certificate[]
}

/** What has been read, by its digest: one file is asked about several certificates with the same answers. */
class Kept<T> {
  private readonly known = new Map<string, T | undefined>()
  constructor(
    private readonly limit: number,
    private readonly read: (bytes: Buffer) => T | undefined,
  ) {}
  get(bytes: Buffer): T | undefined {
    const key = createHash('sha256').update(bytes).digest('hex')
    if (this.known.has(key)) return this.known.get(key)
    let value: T | undefined
    try {
      value = this.read(bytes)
    } catch {
      // An answer that cannot be read answers nothing; the certificate stays as unknown as it was.
      value = undefined
    }
    if (this.known.size >= this.limit) this.known.delete(this.known.keys().next().value!)
    this.known.set(key, value)
    return value
  }
}

const ocsps = new Kept<ParsedOcsp>(200, (bytes) => {
  const basic = basicResponse(bytes)
  return (
    basic && {
      basic,
      certificates: (basic.certs ?? []).map((one) => readCertificate(new Uint8Array(one.toSchema().toBER()))),
    }
  )
})

function readOcsp(data: RevocationData, certificate: Certificate, issuer: Certificate): RevocationAnswer | undefined {
  const parsed = ocsps.get(data.der)
  if (!parsed) return undefined
  const { basic, certificates } = parsed
  const { tbsResponseData: told } = basic
  const signer = [issuer, ...certificates].find(
    (candidate) =>
      namesResponder(told.responderID as Asn1Like, candidate) &&
      (candidate.fingerprint === issuer.fingerprint || mayAnswerFor(candidate, issuer, told.producedAt)),
  )
  if (!signer) return undefined
  const tbs = new Uint8Array(told.tbsView)
  const signature = new Uint8Array(basic.signature.valueBlock.valueHexView)
  const check = checkSignature(basic.signatureAlgorithm, signer.publicKey, tbs, signature)
  if (!check.good || check.weak) return undefined
  for (const single of told.responses) {
    const hash = OCSP_HASHES[single.certID.hashAlgorithm.algorithmId]
    if (!hash || !sameSerial(single.certID.serialNumber, certificate)) continue
    const digest = (bytes: Uint8Array) => createHash(hash).update(bytes).digest('hex')
    const keyBits = issuer.parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
    if (hex(single.certID.issuerNameHash.valueBlock.valueHexView) !== digest(issuer.subject.raw)) continue
    if (hex(single.certID.issuerKeyHash.valueBlock.valueHexView) !== digest(keyBits)) continue
    const status = single.certStatus as Asn1Like
    const common = { ...data, thisUpdate: single.thisUpdate, nextUpdate: single.nextUpdate }
    if (status.idBlock.tagNumber === 0) return { ...common, status: 'good' }
    if (status.idBlock.tagNumber !== 1) return undefined
    const [when, reason] = (status as asn1js.Constructed).valueBlock.value as [
      asn1js.GeneralizedTime,
      asn1js.Constructed | undefined,
    ]
    const number = reason?.valueBlock.value[0] as asn1js.Enumerated | undefined
    return { ...common, status: 'revoked', revokedAt: when.toDate(), reason: number?.valueBlock.valueDec }
  }
  return undefined
}

type Asn1Like = asn1js.BaseBlock

function namesResponder(id: unknown, candidate: Certificate): boolean {
  if (id instanceof pkijs.RelativeDistinguishedNames)
    return candidate.subject.raw.equals(Buffer.from(id.valueBeforeDecode))
  const bytes = (id as { valueBlock?: { valueHexView?: Uint8Array } }).valueBlock?.valueHexView
  if (!bytes) return false
  const key = candidate.parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  return hex(bytes) === createHash('sha1').update(key).digest('hex')
}

/** A responder is the issuer, or holds a certificate by the issuer itself for this one use (RFC 6960, 4.2.2.2). */
function mayAnswerFor(responder: Certificate, issuer: Certificate, at: Date): boolean {
  const path = buildPath(responder, [], { roots: [{ certificate: issuer }], intermediates: [] }, at, 'ocsp')
  return path.fault === undefined && path.certificates.length === 2
}

function readCrl(data: RevocationData, certificate: Certificate, issuer: Certificate): RevocationAnswer | undefined {
  const list = crls.get(data.der)
  if (!list || !list.issuer.equals(issuer.subject.raw) || list.hasUnknownCritical) return undefined
  if (issuer.keyUsage && !issuer.keyUsage.has('cRLSign')) return undefined
  const check = checkSignature(list.crl.signatureAlgorithm, issuer.publicKey, list.tbs, list.signature)
  if (!check.good || check.weak) return undefined
  const common = { ...data, thisUpdate: list.crl.thisUpdate.value, nextUpdate: list.crl.nextUpdate?.value }
  const entry = list.crl.revokedCertificates?.find((one) => sameSerial(one.userCertificate, certificate))
  if (!entry) return { ...common, status: 'good' }
  const reason = entry.crlEntryExtensions?.extensions.find((one) => one.extnID === '2.5.29.21')?.parsedValue as
    asn1js.Enumerated | undefined
  return {
    ...common,
    status: 'revoked',
    revokedAt: entry.revocationDate.value,
    reason: reason?.valueBlock.valueDec,
  }
}

interface ParsedCrl {
  crl: pkijs.CertificateRevocationList
  issuer: Buffer
  tbs: Buffer
  signature: Buffer
  hasUnknownCritical: boolean
}

/** CRL extensions that change nothing in how a full list is read. */
const PLAIN_CRL_EXTENSIONS = new Set(['2.5.29.20', '2.5.29.35', '2.5.29.18', '1.3.6.1.5.5.7.1.1'])
const crls = new Kept<ParsedCrl>(50, (bytes) => {
  const crl = new pkijs.CertificateRevocationList({ schema: fromDer(bytes) })
  return {
    crl,
    issuer: Buffer.from(crl.issuer.valueBeforeDecode),
    tbs: Buffer.from(crl.tbsView),
    signature: Buffer.from(crl.signatureValue.valueBlock.valueHexView),
    // A delta or a partitioned list says so by a critical extension: it does not answer for all certificates.
    hasUnknownCritical: (crl.crlExtensions?.extensions ?? []).some(
      (one) => one.critical && !PLAIN_CRL_EXTENSIONS.has(one.extnID),
    ),
  }
})

import type { Certificate } from '../certificates/certificate.ts'
import { checkSignature } from '../algorithms.ts'
import { buildPath, type CertificatePath, type Purpose } from '../certificates/path.ts'
import type { TrustList } from '../certificates/trust-list.ts'
import { checkTimeStamp, type TimeStampCheck } from '../cms/check-time-stamp.ts'
import { readSignedData } from '../cms/read-signed-data.ts'
import { dateOf, textOf } from '../pdf/values.ts'
import { SIGNATURE_ROLES, type SignatureRole } from '../prepared.ts'
import type { RevocationSource } from '../services/revocation-source.ts'
import { judgeRevocation } from './judge-revocation.ts'
import { reason, signatureSentence, worst, type ReasonCode } from './reasons.ts'
import type { CertificateFacts, Change, Reason, RevocationFacts, SignatureReport } from './report.ts'
import type { PlacedSignature } from './signature-in-file.ts'
import type { Material } from './verify-pdf.ts'

export interface Case {
  placed: PlacedSignature
  changes: Change[]
  coversWholeFile: boolean
  /** Time stamps over the whole document that came later and prove that this signature is older. */
  laterStamps: TimeStampCheck[]
  material: Material
  trust: TrustList
  revocation?: RevocationSource
  now: Date
}

const SKEW_MS = 5 * 60_000
const FORMATS = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached', 'ETSI.RFC3161']

/** Judges one signature by everything that is known of it. */
export async function judgeSignature(given: Case): Promise<SignatureReport> {
  const { placed, trust, now, material } = given
  const { field, revision } = placed
  const reasons: Reason[] = []
  const add = (code: ReasonCode) => reasons.push(reason(code))
  const report = emptyReport(given)
  const finish = (): SignatureReport => {
    if (report.changesAfter.some((one) => !one.permitted)) add('changed')
    report.reasons = reasons
    report.verdict = worst(reasons.map((one) => one.verdict))
    report.sentence = signatureSentence(report.verdict, reasons)
    return report
  }
  const format = revision?.name(field.value!.get('SubFilter'))
  if (placed.fault) {
    report.integrity = placed.fault === 'structure' || placed.fault === 'malformed' ? 'broken' : 'unknown'
    add(placed.fault)
    return finish()
  }
  if (!format || !FORMATS.includes(format)) {
    add('unsupported-format')
    return finish()
  }
  const isStamp = format === 'ETSI.RFC3161'
  report.kind = isStamp ? 'time-stamp' : 'signature'
  const cms = readSignedData(placed.cms!, isStamp ? undefined : placed.signed)
  const pool = [...cms.certificates, ...material.certificates]
  const stamp = isStamp
    ? checkTimeStamp(placed.cms!, placed.signed!, trust, pool)
    : cms.timeStamp && cms.value
      ? checkTimeStamp(cms.timeStamp, cms.value, trust, pool)
      : undefined
  if (cms.signer) describeSigner(report, cms.signer)
  report.algorithm = cms.check?.text
  if (cms.fault) {
    add(cmsReason(cms.fault))
    report.integrity = cms.fault === 'weak-algorithm' ? 'intact' : 'broken'
    return finish()
  }
  report.integrity = 'intact'
  if (cms.unknownUnsigned.length > 0 || (stamp?.unknownUnsigned.length ?? 0) > 0) add('unprotected-part')

  const claimed = cms.claimedTime ?? dateOf(revision!.resolve(field.value!.get('M')))
  const proven = provenTime(stamp, given.laterStamps)
  report.time = {
    at: (proven?.at ?? claimed)?.toISOString(),
    source: proven ? 'time-stamp' : claimed ? 'claimed' : 'none',
    authority: proven?.authority?.subject.commonName,
    claimed: claimed?.toISOString(),
  }
  if (stamp?.fault) add(stamp.fault === 'untrusted' ? 'time-stamp-untrusted' : 'time-stamp-wrong')
  const signedAt = proven?.at ?? claimed
  if (signedAt && signedAt.getTime() > now.getTime() + SKEW_MS) add('time-in-future')

  const purpose: Purpose = isStamp ? 'timestamp' : 'document'
  const path = buildPath(cms.signer!, pool, trust, proven?.at ?? now, purpose)
  report.authority = authorityOf(path)
  report.isTest = path.root?.isTest ?? false
  judgePath(path, cms.signer!, { claimed, proven: proven?.at, now }, report, add)
  const known = [...pool, ...trust.intermediates, ...trust.roots.map((one) => one.certificate)]
  const extras = faultOfExtras([...cms.certificates, ...(stamp?.certificates ?? [])], [path, stamp?.path], known)
  // Whose path nobody knows, for him nothing can be placed.
  if (extras && path.fault !== 'untrusted' && stamp?.fault !== 'untrusted') add(extras)
  if (path.fault !== 'untrusted') {
    const worstOf = await judgeRevocation(path, proven?.at, given)
    report.revocation = worstOf.facts
    if (worstOf.result.status === 'unknown') add('revocation-unknown')
    if (worstOf.result.status === 'revoked') {
      const at = worstOf.result.answer.revokedAt!
      const before = proven ? at <= proven.at : !claimed || at <= claimed
      add(before ? 'revoked' : 'revoked-since')
      report.certificateAtSigning = before ? 'revoked' : report.certificateAtSigning
    }
    if (!isStamp && proven?.path) {
      const server = await judgeRevocation(proven.path, proven.at, given)
      if (server.result.status !== 'good') add('time-stamp-untrusted')
    }
  }
  report.level = levelOf(stamp !== undefined && !stamp.fault, report.revocation)
  return finish()
}

function emptyReport({ placed, changes, coversWholeFile }: Case): SignatureReport {
  const { field, revision } = placed
  const text = (key: string) => (revision ? textOf(revision.resolve(field.value!.get(key))) : undefined)
  const found = SIGNATURE_ROLES.find((role) => field.name.startsWith(`imoit-${role}-`))
  const role: SignatureRole | 'unknown' = found ?? 'unknown'
  return {
    fieldName: field.name,
    kind: 'signature',
    verdict: 'unknown',
    sentence: { vi: '', en: '' },
    reasons: [],
    role,
    isTest: false,
    time: { source: 'none' },
    integrity: 'unknown',
    coversWholeFile,
    changesAfter: changes,
    certificateAtSigning: 'unknown',
    revocation: { status: 'unknown' },
    reason: text('Reason'),
    location: text('Location'),
  }
}

function describeSigner(report: SignatureReport, signer: Certificate): void {
  report.signer = factsOf(signer)
  // A certificate whose name is its organisation is the organisation's.
  const own = signer.subject.commonName === signer.subject.organisation
  if (report.role === 'unknown' && signer.subject.commonName) report.role = own ? 'organisation' : 'person'
}

export function factsOf(certificate: Certificate): CertificateFacts {
  const { subject } = certificate
  return {
    name: subject.commonName ?? subject.text,
    organisation: subject.organisation,
    unit: subject.unit,
    title: subject.title,
    email: subject.email,
    subject: subject.text,
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  }
}

function cmsReason(fault: NonNullable<ReturnType<typeof readSignedData>['fault']>): ReasonCode {
  if (fault === 'digest' || fault === 'weak-algorithm' || fault === 'damaged-certificate') return fault
  return fault === 'signature' || fault === 'other-certificate' ? 'signature' : 'malformed'
}

interface Proof {
  at: Date
  authority?: Certificate
  path?: CertificatePath
}

/** The earliest instant that a trusted server vouches for. */
function provenTime(own: TimeStampCheck | undefined, later: TimeStampCheck[]): Proof | undefined {
  return [own, ...later]
    .filter((one) => one !== undefined && !one.fault)
    .map((one) => ({ at: one!.at!, authority: one!.authority, path: one!.path }))
    .sort((a, b) => a.at.getTime() - b.at.getTime())[0]
}

export function judgePath(
  path: CertificatePath,
  signer: Certificate,
  times: { claimed?: Date; proven?: Date; now: Date },
  report: SignatureReport,
  add: (code: ReasonCode) => void,
): void {
  const at = times.proven ?? times.claimed
  report.certificateAtSigning = 'valid'
  const say = (code: ReasonCode, state: SignatureReport['certificateAtSigning']) => {
    add(code)
    report.certificateAtSigning = state
  }
  if (at && at < signer.notBefore) say('not-yet-valid', 'not-yet-valid')
  else if (at && at > signer.notAfter) say('expired', 'expired')
  else if (path.fault === 'expired')
    say(times.proven ? 'expired' : 'expired-since', times.proven ? 'expired' : 'unknown')
  else if (path.fault === 'untrusted') say('untrusted', 'untrusted')
  else if (path.fault === 'wrong-use') say('wrong-use', 'not-for-signing')
  else if (path.fault) say(path.fault, 'unknown')
}

export function authorityOf(path: CertificatePath): SignatureReport['authority'] {
  const issuer = path.certificates[1]
  const named = path.certificates[0]!.issuer
  return {
    name: issuer?.subject.commonName ?? named.commonName ?? named.text,
    organisation: issuer?.subject.organisation ?? named.organisation,
    root: path.root?.certificate.subject.commonName,
  }
}

/**
 * What is wrong with a certificate that came along and was not needed. The signature does not protect what it carries
 * beside itself: one whose known issuer did not sign it was changed, one that nobody here can place may have been.
 */
function faultOfExtras(
  carried: Certificate[],
  paths: (CertificatePath | undefined)[],
  known: Certificate[],
): ReasonCode | undefined {
  const needed = new Set(paths.flatMap((path) => path?.certificates.map((one) => one.fingerprint) ?? []))
  let unplaced = false
  for (const one of carried.filter((extra) => !needed.has(extra.fingerprint))) {
    const issuers = known.filter((issuer) => issuer.subject.raw.equals(one.issuer.raw))
    const signs = (issuer: Certificate) =>
      checkSignature(one.signatureAlgorithm, issuer.publicKey, one.tbs, one.signature).good
    if (issuers.length === 0) unplaced = true
    else if (!issuers.some(signs)) return 'damaged-certificate'
  }
  return unplaced ? 'unprotected-part' : undefined
}

function levelOf(stamped: boolean, revocation: RevocationFacts): 'B' | 'T' | 'LT' {
  if (!stamped) return 'B'
  return revocation.origin === 'file' ? 'LT' : 'T'
}

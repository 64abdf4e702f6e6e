import { checkSignature } from '../algorithms.ts'
import type { Certificate } from './certificate.ts'
import type { TrustedRoot, TrustList } from './trust-list.ts'

export type Purpose = 'document' | 'timestamp' | 'ocsp'

/** Why a certificate may not be relied on. `untrusted` alone leaves open that it is good elsewhere. */
export type PathFault =
  'untrusted' | 'expired' | 'not-yet-valid' | 'wrong-use' | 'weak-algorithm' | 'not-an-authority' | 'unknown-extension'

export interface CertificatePath {
  /** From the signer to the root, both included; to where the trail ended when there is a fault `untrusted`. */
  certificates: Certificate[]
  root?: TrustedRoot
  fault?: PathFault
  /** Whose certificate the fault is about. */
  at?: Certificate
}

const MAX_LENGTH = 8
const EKU_ANY = '2.5.29.37.0'
const EKU_TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const EKU_OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
/** Uses that a signature on a document may be made under: any, client, e-mail, documents (RFC 9336), Microsoft's, Adobe's. */
const EKU_DOCUMENT = new Set([
  EKU_ANY,
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
])

/**
 * Builds the path from a certificate to a trusted root and checks it as it was at an instant (RFC 5280, 6, without
 * policies and name constraints: a certificate that insists on those is refused). Revocation is checked elsewhere.
 * Among several paths the first without a fault is taken.
 */
export function buildPath(
  leaf: Certificate,
  pool: Certificate[],
  trust: TrustList,
  at: Date,
  purpose: Purpose,
): CertificatePath {
  const own = faultOfUse(leaf, purpose) ?? faultAt(leaf, at)
  const found = climb([leaf], [...pool, ...trust.intermediates], trust, at)
  if (found.fault === 'untrusted' || !own) return found
  return { ...found, fault: own, at: leaf }
}

function climb(path: Certificate[], pool: Certificate[], trust: TrustList, at: Date): CertificatePath {
  const last = path.at(-1)!
  const anchor = trust.roots.find((root) => root.certificate.fingerprint === last.fingerprint)
  if (anchor) return { certificates: path, root: anchor }
  let best: CertificatePath = { certificates: path, fault: 'untrusted', at: last }
  if (path.length >= MAX_LENGTH) return best
  const candidates = [...trust.roots.map((root) => root.certificate), ...pool]
  const tried = new Set<string>()
  for (const issuer of candidates) {
    if (tried.has(issuer.fingerprint) || path.includes(issuer)) continue
    tried.add(issuer.fingerprint)
    if (!issuer.subject.raw.equals(last.issuer.raw)) continue
    const check = checkSignature(last.signatureAlgorithm, issuer.publicKey, last.tbs, last.signature)
    if (!check.good) continue
    const above = climb([...path, issuer], pool, trust, at)
    if (above.fault === 'untrusted') {
      if (best.certificates.length < above.certificates.length) best = above
      continue
    }
    const fault: PathFault | undefined = check.weak ? 'weak-algorithm' : undefined
    const here = fault ? { fault, at: last } : faultOfAuthority(issuer, path.length - 1, at)
    const result = above.fault ? above : { ...above, ...here }
    if (!result.fault) return result
    if (best.fault === 'untrusted') best = result
  }
  return best
}

/** `below`: how many authorities stand between this one and the end. */
function faultOfAuthority(
  issuer: Certificate,
  below: number,
  at: Date,
): { fault: PathFault; at: Certificate } | undefined {
  const fault: PathFault | undefined =
    !issuer.isCa ||
    (issuer.keyUsage && !issuer.keyUsage.has('keyCertSign')) ||
    (issuer.pathLength !== undefined && below > issuer.pathLength)
      ? 'not-an-authority'
      : faultAt(issuer, at)
  return fault ? { fault, at: issuer } : undefined
}

function faultAt(certificate: Certificate, at: Date): PathFault | undefined {
  if (certificate.unknownCritical.length > 0) return 'unknown-extension'
  if (at < certificate.notBefore) return 'not-yet-valid'
  if (at > certificate.notAfter) return 'expired'
  return undefined
}

function faultOfUse(certificate: Certificate, purpose: Purpose): PathFault | undefined {
  const { keyUsage, extendedKeyUsage } = certificate
  if (keyUsage && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')) return 'wrong-use'
  if (purpose === 'timestamp') {
    // RFC 3161, 2.3: this one use, and critical.
    const alone = extendedKeyUsage?.oids.length === 1 && extendedKeyUsage.oids[0] === EKU_TIME_STAMPING
    return alone && extendedKeyUsage.critical ? undefined : 'wrong-use'
  }
  if (purpose === 'ocsp') return extendedKeyUsage?.oids.includes(EKU_OCSP_SIGNING) ? undefined : 'wrong-use'
  if (certificate.isCa) return 'wrong-use'
  if (extendedKeyUsage && !extendedKeyUsage.oids.some((use) => EKU_DOCUMENT.has(use))) return 'wrong-use'
  return undefined
}

import { constants, createHash, verify, type KeyObject } from 'node:crypto'
import * as pkijs from 'pkijs'
import { nul, oid, sequence, type Asn1 } from './asn1.ts'

export type DigestName = 'sha256' | 'sha384' | 'sha512'

export const DIGEST_OIDS: Record<DigestName, string> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

/** Digests that are known only to be refused by name. */
const WEAK_DIGESTS: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '1.2.840.113549.2.5': 'md5',
  '2.16.840.1.101.3.4.2.4': 'sha224',
}

export function digestByOid(value: string): { name: string; weak: boolean } | undefined {
  const strong = Object.entries(DIGEST_OIDS).find(([, known]) => known === value)
  if (strong) return { name: strong[0], weak: false }
  const weak = WEAK_DIGESTS[value]
  return weak ? { name: weak, weak: true } : undefined
}

interface SignatureScheme {
  key: 'rsa' | 'ec'
  /** Undefined where the digest is named elsewhere: beside the algorithm, or in its parameters. */
  digest?: string
  weak?: boolean
  pss?: boolean
}

const SCHEMES: Record<string, SignatureScheme> = {
  '1.2.840.113549.1.1.1': { key: 'rsa' },
  '1.2.840.113549.1.1.4': { key: 'rsa', digest: 'md5', weak: true },
  '1.2.840.113549.1.1.5': { key: 'rsa', digest: 'sha1', weak: true },
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.113549.1.1.10': { key: 'rsa', pss: true },
  '1.2.840.10045.4.1': { key: 'ec', digest: 'sha1', weak: true },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
}

const ECDSA_OIDS: Record<DigestName, string> = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
}
const RSA_OIDS: Record<DigestName, string> = {
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
}

/** The AlgorithmIdentifier that a key of this kind signs with. */
export function signatureAlgorithm(key: 'rsa' | 'ec', digest: DigestName): Asn1 {
  return key === 'ec' ? sequence(oid(ECDSA_OIDS[digest])) : sequence(oid(RSA_OIDS[digest]), nul())
}

export function digestAlgorithm(digest: DigestName): Asn1 {
  return sequence(oid(DIGEST_OIDS[digest]))
}

export const hashOf = (digest: string, data: Uint8Array): Buffer => createHash(digest).update(data).digest()

/** SHA-256 for RSA and P-256, SHA-384 for P-384 and SHA-512 for P-521: as strong as the key. */
export function digestFor(key: KeyObject): DigestName {
  const curve = key.asymmetricKeyDetails?.namedCurve
  return curve === 'secp384r1' ? 'sha384' : curve === 'secp521r1' ? 'sha512' : 'sha256'
}

/** `RSA 2048`, `ECDSA P-256`: what a person reads. */
export function keyText(key: KeyObject): string {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'ec') {
    const curves: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
    return `ECDSA ${curves[details?.namedCurve ?? ''] ?? details?.namedCurve}`
  }
  return key.asymmetricKeyType?.startsWith('rsa') ? `RSA ${details?.modulusLength}` : String(key.asymmetricKeyType)
}

/** A key that nobody should accept any more: RSA under 2048 bits, curves under 256, anything else. */
export function isWeakKey(key: KeyObject): boolean {
  if (key.asymmetricKeyType?.startsWith('rsa')) return (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048
  if (key.asymmetricKeyType !== 'ec') return true
  return !['prime256v1', 'secp384r1', 'secp521r1'].includes(key.asymmetricKeyDetails?.namedCurve ?? '')
}

export interface SignatureCheck {
  /** The signature is this key's over these bytes, by this algorithm. */
  good: boolean
  weak: boolean
  digest: string
  text: string
}

/**
 * Checks a signature by the algorithm that its holder names. `digest` is what CMS names beside it; where the algorithm
 * names one of its own they must agree.
 */
export function checkSignature(
  algorithm: pkijs.AlgorithmIdentifier,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  digest?: string,
): SignatureCheck {
  const scheme = SCHEMES[algorithm.algorithmId]
  const keyKind = key.asymmetricKeyType === 'ec' ? 'ec' : key.asymmetricKeyType?.startsWith('rsa') ? 'rsa' : 'other'
  const bad = (text: string): SignatureCheck => ({ good: false, weak: false, digest: digest ?? '', text })
  if (!scheme || scheme.key !== keyKind) return bad(algorithm.algorithmId)
  let named = scheme.digest ?? digest
  let pss: { padding: number; saltLength: number } | undefined
  if (scheme.pss) {
    const parameters = new pkijs.RSASSAPSSParams({ schema: algorithm.algorithmParams as Asn1 })
    named = digestByOid(parameters.hashAlgorithm.algorithmId)?.name
    pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: parameters.saltLength }
  }
  if (!named || (digest !== undefined && named !== digest)) return bad(algorithm.algorithmId)
  const text = `${keyText(key)}, ${pss ? 'PSS, ' : ''}${named.toUpperCase().replace('SHA', 'SHA-')}`
  const weak = (scheme.weak ?? false) || isWeakKey(key) || !(named in DIGEST_OIDS)
  let good = false
  try {
    good = verify(named, data, { key, dsaEncoding: 'der', ...pss }, signature)
  } catch {
    // OpenSSL refuses the signature's or the key's form: it is not good.
    good = false
  }
  return { good, weak, digest: named, text }
}

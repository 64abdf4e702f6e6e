import type { DigestName } from './algorithms.ts'

/** PAdES baseline levels: B signs, T proves when, LT carries what proves it later. */
export type SignatureLevel = 'B' | 'T' | 'LT'

/**
 * In which part somebody signs: the person who answers for the text, an initial beside it (ký nháy), the organisation's
 * seal, the receiving registry, an appendix in a file of its own, a copy of a paper.
 */
export const SIGNATURE_ROLES = ['person', 'initial', 'organisation', 'received', 'appendix', 'copy'] as const
export type SignatureRole = (typeof SIGNATURE_ROLES)[number]

/**
 * What the first stage leaves beside the prepared bytes, as JSON: whoever keeps both can sign and embed after any kill.
 * The prepared file has a hole of zeros that the signature will fill; everything around it is what is signed.
 */
export interface PreparedSignature {
  format: 1
  level: SignatureLevel
  role: SignatureRole
  fieldName: string
  /** [0, where the hole begins, where it ends, what follows]: the signed bytes are the two outer parts. */
  byteRange: [number, number, number, number]
  digestAlgorithm: DigestName
  /** Over the signed bytes, hexadecimal. */
  documentDigest: string
  /** The DER SET that the key signs, base64. It holds the document's digest and names the certificate. */
  signedAttributes: string
  /** The signer's certificate and those above it, DER in base64. */
  certificate: string
  chain: string[]
  /** SHA-256 of the prepared bytes, hexadecimal: embedding into anything else is refused. */
  fileDigest: string
  /** The instant the signature claims, ISO 8601. */
  signingTime: string
}

/** What the key made of a prepared signature. Holds no secret; keep it, and the key is not asked again. */
export interface SignatureValue {
  format: 1
  /** Of which `PreparedSignature`: its `fileDigest`. */
  of: string
  /** base64; ECDSA as DER. */
  value: string
}

/** What stands behind a signature: the finished CMS and, at level LT, the answers that prove its certificates. */
export interface SignatureEvidence {
  format: 1
  of: string
  /** The SignedData, base64. */
  cms: string
  /** When the time-stamp server stamped it, ISO 8601. */
  timeStampedAt?: string
  /** DER, base64. */
  validation?: ValidationMaterial
}

export interface ValidationMaterial {
  certificates: string[]
  ocsps: string[]
  crls: string[]
}

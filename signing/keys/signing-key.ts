import type { DigestName } from '../algorithms.ts'
import type { Certificate } from '../certificates/certificate.ts'

/** What a key is asked to sign, with what a person must know before agreeing. */
export interface SignatureOrder {
  documentName: string
  /** Over the signed part of the document, hexadecimal. */
  documentDigest: string
  digestAlgorithm: DigestName
  /** The DER SET of signed attributes, which holds that digest. */
  toBeSigned: Uint8Array
}

/**
 * A private key that never leaves where it is: a token, an HSM, the signer's own machine, or a file in a demonstration.
 * `sign` answers RSASSA-PKCS1-v1_5 or ECDSA (as DER) over `toBeSigned`; it throws a SigningError that a person can read.
 */
export interface SigningKey {
  readonly certificate: Certificate
  sign(order: SignatureOrder): Promise<Uint8Array>
}

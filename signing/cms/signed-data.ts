import { digestAlgorithm, type DigestName } from '../algorithms.ts'
import { explicit, integer, octets, oid, sequence, set, type Asn1 } from '../asn1.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { attribute, OID, serialNumber } from './signed-attributes.ts'

export interface SignedDataParts {
  contentType: string
  /** Left out where the content stands elsewhere, as a PDF does. */
  content?: Uint8Array
  /** Those that help to reach a root; the signer's among them. */
  certificates: Certificate[]
  signer: Certificate
  digestAlgorithm: DigestName
  /** The DER `SET` that was signed. */
  signedAttributes: Buffer
  signatureAlgorithm: Asn1
  signature: Uint8Array
  /** An RFC 3161 token over the signature's value. */
  timeStamp?: Uint8Array
}

/** A CMS SignedData of one signer inside its ContentInfo, as DER (RFC 5652). */
export function signedData(parts: SignedDataParts): Buffer {
  const algorithm = digestAlgorithm(parts.digestAlgorithm)
  const attributes = Buffer.from(parts.signedAttributes)
  attributes[0] = 0xa0 // [0] IMPLICIT instead of SET
  const signer = sequence(
    integer(1),
    sequence(parts.signer.issuer.raw, serialNumber(parts.signer)),
    algorithm,
    attributes,
    parts.signatureAlgorithm,
    octets(parts.signature),
    ...(parts.timeStamp ? [explicit(1, attribute(OID.timeStampToken, parts.timeStamp))] : []),
  )
  const content = parts.content ? [explicit(0, octets(parts.content))] : []
  const certificates = [...new Map(parts.certificates.map((one) => [one.fingerprint, one])).values()]
  return sequence(
    oid(OID.signedData),
    explicit(
      0,
      sequence(
        integer(parts.contentType === OID.data ? 1 : 3),
        set(algorithm),
        sequence(oid(parts.contentType), ...content),
        ...(certificates.length > 0 ? [explicit(0, ...certificates.map((one) => one.der))] : []),
        set(signer),
      ),
    ),
  )
}

import { DIGEST_OIDS, hashOf, type DigestName } from '../algorithms.ts'
import { explicit, integer, nul, octets, oid, sequence, set, type Asn1 } from '../asn1.ts'
import type { Certificate } from '../certificates/certificate.ts'

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
} as const

export interface AttributesToSign {
  contentType: string
  /** Over the signed content. */
  digest: Uint8Array
  digestAlgorithm: DigestName
  /** Whose key signs: the attribute binds the signature to this one certificate (RFC 5035). */
  certificate: Certificate
}

/**
 * The attributes that a key signs, as the DER `SET` that is hashed (RFC 5652, 5.4). For PAdES there is no signing time
 * among them: it stands in the signature dictionary (EN 319 142-1, 6.3).
 */
export function signedAttributes(attributes: AttributesToSign): Buffer {
  const list = [
    attribute(OID.contentType, oid(attributes.contentType)),
    attribute(OID.messageDigest, octets(attributes.digest)),
    attribute(OID.signingCertificateV2, certificateIdentifier(attributes.certificate, attributes.digestAlgorithm)),
  ]
  return set(...list)
}

export function attribute(id: string, value: Uint8Array): Asn1 {
  return sequence(oid(id), set(value))
}

function certificateIdentifier(certificate: Certificate, digest: DigestName): Asn1 {
  const issuer = sequence(explicit(4, certificate.issuer.raw))
  const id = sequence(
    // SHA-256 is the default and left out in DER.
    ...(digest === 'sha256' ? [] : [sequence(oid(DIGEST_OIDS[digest]), nul())]),
    octets(hashOf(digest, certificate.der)),
    sequence(issuer, serialNumber(certificate)),
  )
  return sequence(sequence(id))
}

export function serialNumber(certificate: Certificate): Asn1 {
  return integer(new Uint8Array(certificate.parsed.serialNumber.valueBlock.valueHexView))
}

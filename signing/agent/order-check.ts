import { OID, signedAttributes } from '../cms/signed-attributes.ts'
import type { Certificate } from '../certificates/certificate.ts'
import type { DocumentToSign } from './protocol.ts'

/**
 * Whether the bytes to be signed are just the attributes of a signature by this certificate over the digest that the
 * person is shown. A page cannot have anything else signed under a document's name.
 */
export function attributesName(document: DocumentToSign, certificate: Certificate): boolean {
  const expected = signedAttributes({
    contentType: OID.data,
    digest: Buffer.from(document.documentDigest, 'hex'),
    digestAlgorithm: document.digestAlgorithm,
    certificate,
  })
  return expected.equals(Buffer.from(document.toBeSigned, 'base64'))
}

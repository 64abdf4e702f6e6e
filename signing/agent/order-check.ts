import { OID, signedAttributes } from '../cms/signed-attributes.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { canonicalSignedInfo } from '../xml/algorithms.ts'
import type { DocumentToSign } from './protocol.ts'

/**
 * Whether the bytes to be signed are just a signature by this certificate over the digest that the person is shown: the attributes of a
 * CMS for a PDF, the SignedInfo of a whole message for XML. A page cannot have anything else signed under a document's name.
 */
export function signsJustThis(document: DocumentToSign, certificate: Certificate): boolean {
  const { digestAlgorithm } = document
  const asked = Buffer.from(document.toBeSigned, 'base64')
  const digest = Buffer.from(document.documentDigest, 'hex')
  const attributes = signedAttributes({ contentType: OID.data, digest, digestAlgorithm, certificate })
  if (attributes.equals(asked)) return true
  const key = certificate.publicKey.asymmetricKeyType === 'ec' ? 'ec' : 'rsa'
  return asked.equals(Buffer.from(canonicalSignedInfo(key, digestAlgorithm, digest)))
}

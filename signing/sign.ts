import { verify } from 'node:crypto'
import { readCertificate } from './certificates/certificate.ts'
import type { SignatureOrder, SigningKey } from './keys/signing-key.ts'
import type { PreparedSignature, SignatureValue } from './prepared.ts'
import { SigningError } from './signing-error.ts'

/**
 * Second stage: the key signs what was prepared. The PIN is the key's own business and is gone with it. What comes back
 * is checked against the certificate at once, so that a token's mistake never reaches a document.
 */
export async function signPrepared(
  prepared: PreparedSignature,
  key: SigningKey,
  documentName: string,
): Promise<SignatureValue> {
  const certificate = readCertificate(Buffer.from(prepared.certificate, 'base64'))
  if (key.certificate.fingerprint !== certificate.fingerprint) throw otherKey(certificate.subject.commonName)
  const value = await key.sign(orderOf(prepared, documentName))
  return acceptSignature(prepared, value)
}

/** What a key, or the agent beside it, is asked to sign. */
export function orderOf(prepared: PreparedSignature, documentName: string): SignatureOrder {
  return {
    documentName,
    documentDigest: prepared.documentDigest,
    digestAlgorithm: prepared.digestAlgorithm,
    toBeSigned: Buffer.from(prepared.signedAttributes, 'base64'),
  }
}

/**
 * Takes a value that was made elsewhere, on the signer's own machine: it must be the certificate's key that signed what
 * was prepared. Throws `other-key` where it is not.
 */
export function acceptSignature(prepared: PreparedSignature, value: Uint8Array): SignatureValue {
  const certificate = readCertificate(Buffer.from(prepared.certificate, 'base64'))
  const toBeSigned = Buffer.from(prepared.signedAttributes, 'base64')
  if (!isBy(certificate.publicKey, prepared.digestAlgorithm, toBeSigned, value))
    throw otherKey(certificate.subject.commonName)
  return { format: 1, of: prepared.fileDigest, value: Buffer.from(value).toString('base64') }
}

function isBy(key: Parameters<typeof verify>[2], digest: string, data: Uint8Array, value: Uint8Array): boolean {
  try {
    return verify(digest, data, key, value)
  } catch {
    // OpenSSL refuses the very form of the value: it is nobody's signature.
    return false
  }
}

function otherKey(name: string | undefined): SigningError {
  return new SigningError('other-key', 409, {
    vi: `Khóa đã ký không khớp với chứng thư số của ${name}. Chưa có gì được ghi vào tài liệu; hãy cắm đúng thiết bị rồi ký lại.`,
    en: `The key that signed does not belong to the certificate of ${name}. Nothing was written into the document; plug in the right token and sign again.`,
  })
}

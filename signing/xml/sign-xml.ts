import { verify } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { digestFor, type DigestName } from '../algorithms.ts'
import { readCertificate, toPem, type Certificate } from '../certificates/certificate.ts'
import { ecdsaFromDer } from '../keys/ecdsa-value.ts'
import type { SignatureOrder, SigningKey } from '../keys/signing-key.ts'
import { SigningError } from '../signing-error.ts'
import { DIGEST_URIS, ENVELOPED, EXC_C14N, hashClasses, signatureClasses, signatureUri } from './algorithms.ts'

/** What the first stage leaves: the message with a mark where the value will stand, and what the key signs. As JSON. */
export interface PreparedXml {
  format: 1
  xml: string
  digestAlgorithm: DigestName
  /** Over the message without its signature, hexadecimal. */
  documentDigest: string
  /** The canonical SignedInfo, base64. */
  signedInfo: string
  /** DER, base64. */
  certificate: string
}

const MARK = 'imoit-signature-value'

/**
 * First stage of an enveloped XMLDSig over a whole message (edXML, portals): exclusive canonical form, SHA-256 or
 * stronger, the certificates in KeyInfo. The signature stands last in edXMLHeader, or in the root where there is none.
 */
export function prepareXml(xml: string, certificate: Certificate, chain: Certificate[] = []): PreparedXml {
  if (/<!DOCTYPE/i.test(xml) || /<(\w+:)?Signature[\s>]/.test(xml))
    throw new SigningError('xml-unsignable', 422, {
      vi: 'Thông điệp XML đã có chữ ký hoặc có khai báo DOCTYPE nên không ký được. Thông điệp vẫn nguyên vẹn; hãy tạo lại thông điệp.',
      en: 'The XML message has a signature already or declares a DOCTYPE, so it cannot be signed. It is untouched; make the message anew.',
    })
  const digestAlgorithm = digestFor(certificate.publicKey)
  let signedInfo: Buffer = Buffer.alloc(0)
  const signer = new SignedXml({
    // Never used: the class below takes what is to be signed.
    privateKey: toPem('CERTIFICATE', certificate.der),
    canonicalizationAlgorithm: EXC_C14N,
    signatureAlgorithm: signatureUri(keyKind(certificate), digestAlgorithm),
    getKeyInfoContent: () => keyInfo([certificate, ...chain]),
  })
  signer.HashAlgorithms = hashClasses
  signer.SignatureAlgorithms = signatureClasses((bytes) => {
    signedInfo = bytes
    return MARK
  })
  signer.addReference({
    xpath: '/*',
    isEmptyUri: true,
    digestAlgorithm: DIGEST_URIS[digestAlgorithm],
    transforms: [ENVELOPED, EXC_C14N],
  })
  const header = "//*[local-name(.)='edXMLHeader']"
  const reference = /<(\w+:)?edXMLHeader[\s>]/.test(xml) ? header : '/*'
  signer.computeSignature(xml, { location: { reference, action: 'append' } })
  const value = /<DigestValue>([^<]+)<\/DigestValue>/.exec(signedInfo.toString('utf8'))![1]!
  return {
    format: 1,
    xml: signer.getSignedXml(),
    digestAlgorithm,
    documentDigest: Buffer.from(value, 'base64').toString('hex'),
    signedInfo: signedInfo.toString('base64'),
    certificate: certificate.der.toString('base64'),
  }
}

/** What a key is asked to sign. */
export function xmlOrder(prepared: PreparedXml, documentName: string): SignatureOrder {
  return {
    documentName,
    documentDigest: prepared.documentDigest,
    digestAlgorithm: prepared.digestAlgorithm,
    toBeSigned: Buffer.from(prepared.signedInfo, 'base64'),
  }
}

/** Last stage: the signed message. `value` is as keys answer it (ECDSA as DER). Throws `other-key` for anybody else's. */
export function embedXml(prepared: PreparedXml, value: Uint8Array): string {
  const certificate = readCertificate(Buffer.from(prepared.certificate, 'base64'))
  const signedInfo = Buffer.from(prepared.signedInfo, 'base64')
  let good = false
  try {
    good = verify(prepared.digestAlgorithm, signedInfo, certificate.publicKey, value)
  } catch {
    // OpenSSL refuses the very form of the value.
    good = false
  }
  if (!good)
    throw new SigningError('other-key', 409, {
      vi: 'Khóa đã ký không khớp với chứng thư số. Thông điệp chưa được ký; hãy cắm đúng thiết bị rồi ký lại.',
      en: 'The key that signed does not belong to the certificate. The message was not signed; plug in the right token and sign again.',
    })
  const size = certificate.publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 48 : 32
  const plain = keyKind(certificate) === 'ec' ? ecdsaFromDer(value, size) : Buffer.from(value)
  return prepared.xml.replace(`>${MARK}<`, () => `>${plain.toString('base64')}<`)
}

/** All stages with a key at hand. */
export async function signXml(
  xml: string,
  key: SigningKey,
  documentName: string,
  chain: Certificate[] = [],
): Promise<string> {
  const prepared = prepareXml(xml, key.certificate, chain)
  return embedXml(prepared, await key.sign(xmlOrder(prepared, documentName)))
}

function keyKind(certificate: Certificate): 'rsa' | 'ec' {
  return certificate.publicKey.asymmetricKeyType === 'ec' ? 'ec' : 'rsa'
}

function keyInfo(certificates: Certificate[]): string {
  const all = certificates.map((one) => `<X509Certificate>${one.der.toString('base64')}</X509Certificate>`)
  return `<X509Data>${all.join('')}</X509Data>`
}

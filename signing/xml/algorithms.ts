import { createHash, verify, type BinaryLike, type KeyLike } from 'node:crypto'
import type { HashAlgorithm, SignatureAlgorithm } from 'xml-crypto'
import type { DigestName } from '../algorithms.ts'

export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'

export const DIGEST_URIS: Record<DigestName, string> = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

/** Every signature algorithm that is accepted; what is not here (SHA-1, HMAC) is refused by its name. */
export const SIGNATURE_URIS: Record<string, { key: 'rsa' | 'ec'; digest: DigestName }> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { key: 'rsa', digest: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { key: 'rsa', digest: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { key: 'rsa', digest: 'sha512' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { key: 'ec', digest: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { key: 'ec', digest: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { key: 'ec', digest: 'sha512' },
}

export function signatureUri(key: 'rsa' | 'ec', digest: DigestName): string {
  return Object.entries(SIGNATURE_URIS).find(([, one]) => one.key === key && one.digest === digest)![0]
}

/**
 * What a key signs of a whole message with this digest, in its canonical form: one reference to all of it but the signature. The form
 * that this room makes; whoever is to sign can tell by it that nothing else is in there.
 */
export function canonicalSignedInfo(key: 'rsa' | 'ec', digest: DigestName, value: Uint8Array): string {
  const named = (element: string, uri: string) => `<${element} Algorithm="${uri}"></${element}>`
  const transforms = named('Transform', ENVELOPED) + named('Transform', EXC_C14N)
  return [
    `<SignedInfo xmlns="${DSIG}">`,
    named('CanonicalizationMethod', EXC_C14N),
    named('SignatureMethod', signatureUri(key, digest)),
    `<Reference URI=""><Transforms>${transforms}</Transforms>`,
    named('DigestMethod', DIGEST_URIS[digest]),
    `<DigestValue>${Buffer.from(value).toString('base64')}</DigestValue></Reference></SignedInfo>`,
  ].join('')
}

/** SHA-2 digests as xml-crypto takes them. */
export const hashClasses = Object.fromEntries(
  Object.entries(DIGEST_URIS).map(([digest, uri]) => [
    uri,
    class implements HashAlgorithm {
      getAlgorithmName = () => uri
      getHash = (xml: string) => createHash(digest).update(xml, 'utf8').digest('base64')
    },
  ]),
)

/**
 * Signature algorithms as xml-crypto takes them. "Signing" hands the canonical SignedInfo to `take` and leaves a mark in
 * the value's place: the key signs later, elsewhere.
 */
export function signatureClasses(take?: (signedInfo: Buffer) => string): Record<string, new () => SignatureAlgorithm> {
  return Object.fromEntries(
    Object.entries(SIGNATURE_URIS).map(([uri, { digest }]) => [
      uri,
      class implements SignatureAlgorithm {
        getAlgorithmName = () => uri
        getSignature = (signedInfo: BinaryLike): string => {
          if (!take) throw new Error('this instance only verifies')
          return take(Buffer.from(signedInfo as string, 'utf8'))
        }
        verifySignature = (material: string, key: KeyLike, value: string): boolean =>
          verify(
            digest,
            Buffer.from(material, 'utf8'),
            { key: key as string, dsaEncoding: 'ieee-p1363' },
            Buffer.from(value, 'base64'),
          )
      },
    ]),
  )
}

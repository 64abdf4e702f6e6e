import * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'
import { checkSignature, digestByOid, hashOf, type SignatureCheck } from '../algorithms.ts'
import { fromDer } from '../asn1.ts'
import { readCertificate, type Certificate } from '../certificates/certificate.ts'
import { OID } from './signed-attributes.ts'

/** Why a CMS is not a signature that may be relied on. */
export type CmsFault =
  | 'malformed'
  | 'padding'
  | 'no-signer'
  | 'several-signers'
  | 'no-certificate'
  | 'other-certificate'
  | 'attributes'
  | 'digest'
  | 'signature'
  | 'weak-algorithm'
  | 'damaged-certificate'

export interface ReadSignature {
  fault?: CmsFault
  signer?: Certificate
  /** What else came along. */
  certificates: Certificate[]
  check?: SignatureCheck
  /** The signature's value, which a time stamp is over. */
  value?: Buffer
  /** Encapsulated content, where there is any. */
  content?: Buffer
  contentType?: string
  /** What the signer claims, unproven. */
  claimedTime?: Date
  timeStamp?: Buffer
  /** Unsigned attributes that nobody here knows: anybody can have put them there. */
  unknownUnsigned: string[]
}

/** The bytes of one DER value at the start, and whether only zeros follow: the filling of a PDF's hole. */
export function trimmed(bytes: Uint8Array): { der: Buffer; clean: boolean } | undefined {
  const { offset } = asn1js.fromBER(Uint8Array.from(bytes))
  if (offset <= 0) return undefined
  return { der: Buffer.from(bytes.subarray(0, offset)), clean: bytes.subarray(offset).every((byte) => byte === 0) }
}

/**
 * Reads a SignedData and checks its one signature over `content`, or over what it holds itself. Strict where CMS leaves
 * room: one signer, attributes signed, the certificate bound by its digest.
 */
export function readSignedData(bytes: Uint8Array, content?: Uint8Array[]): ReadSignature {
  try {
    return read(bytes, content)
  } catch {
    // Nothing here can be read as CMS: it is no signature, whatever the reason.
    return { fault: 'malformed', certificates: [], unknownUnsigned: [] }
  }
}

function read(bytes: Uint8Array, outside: Uint8Array[] | undefined): ReadSignature {
  const info = new pkijs.ContentInfo({ schema: fromDer(bytes) })
  if (info.contentType !== OID.signedData) return { fault: 'malformed', certificates: [], unknownUnsigned: [] }
  const data = new pkijs.SignedData({ schema: info.content as asn1js.AsnType })
  const result: ReadSignature = { certificates: [], unknownUnsigned: [] }
  const fault = (what: CmsFault): ReadSignature => ({ ...result, fault: what })
  for (const item of embeddedCertificates(bytes)) {
    try {
      result.certificates.push(readCertificate(item))
    } catch {
      // One certificate is broken: the whole was changed, or was never right.
      return fault('damaged-certificate')
    }
  }
  if (data.crls?.length || ![1, 3].includes(data.version)) return fault('malformed')
  if (data.signerInfos.length === 0) return fault('no-signer')
  if (data.signerInfos.length > 1) return fault('several-signers')
  const signer = data.signerInfos[0]!
  result.contentType = data.encapContentInfo.eContentType
  const inside = data.encapContentInfo.eContent
  if (inside) result.content = Buffer.from(inside.getValue())
  const digest = digestByOid(signer.digestAlgorithm.algorithmId)
  const announced = data.digestAlgorithms.map((one) => one.algorithmId)
  if (!digest || announced.length !== 1 || announced[0] !== signer.digestAlgorithm.algorithmId)
    return fault('malformed')
  result.value = Buffer.from(signer.signature.valueBlock.valueHexView)

  const certificate = result.certificates.find((one) => isNamedBy(one, signer))
  if (!certificate) return fault('no-certificate')
  result.signer = certificate
  const attributes = new Map<string, asn1js.BaseBlock[]>()
  for (const { type, values } of signer.signedAttrs?.attributes ?? []) {
    if (attributes.has(type)) return fault('attributes')
    attributes.set(type, values as asn1js.BaseBlock[])
  }
  const only = (id: string) => (attributes.get(id)?.length === 1 ? attributes.get(id)![0] : undefined)
  const type = only(OID.contentType)
  const stated = only(OID.messageDigest)
  if (!signer.signedAttrs || !(type instanceof asn1js.ObjectIdentifier) || !(stated instanceof asn1js.OctetString))
    return fault('attributes')
  if (type.valueBlock.toString() !== result.contentType) return fault('attributes')
  const time = only(OID.signingTime)
  if (time instanceof asn1js.UTCTime || time instanceof asn1js.GeneralizedTime) result.claimedTime = time.toDate()
  if (!bindsCertificate(only(OID.signingCertificateV2), only(OID.signingCertificate), certificate))
    return fault('other-certificate')
  readUnsigned(signer, result)

  const signed = outside ? Buffer.concat(outside) : result.content
  if (!signed || (outside && inside)) return fault('malformed')
  if (digest.name && !hashOf(digest.name, signed).equals(Buffer.from(stated.valueBlock.valueHexView)))
    return fault('digest')
  const encoded = Buffer.from(signer.signedAttrs.encodedValue)
  encoded[0] = 0x31
  result.check = checkSignature(signer.signatureAlgorithm, certificate.publicKey, encoded, result.value, digest.name)
  if (!result.check.good) return fault('signature')
  if (result.check.weak || digest.weak) return fault('weak-algorithm')
  return result
}

/** The bytes of each certificate as they stand, not as they would be encoded anew. */
function embeddedCertificates(bytes: Uint8Array): Buffer[] {
  const outer = children(fromDer(bytes))[1]
  const list = children(children(outer)[0]).find((one) => one.idBlock.tagClass === 3 && one.idBlock.tagNumber === 0)
  return children(list).map(asEncoded)
}

function asEncoded(block: asn1js.BaseBlock): Buffer {
  return Buffer.from(block.valueBeforeDecodeView)
}

function isNamedBy(certificate: Certificate, signer: pkijs.SignerInfo): boolean {
  const id = signer.sid as unknown
  if (id instanceof pkijs.IssuerAndSerialNumber)
    return (
      Buffer.from(id.issuer.valueBeforeDecode).equals(certificate.issuer.raw) &&
      id.serialNumber.isEqual(certificate.parsed.serialNumber)
    )
  const bytes = (id as { valueBlock?: { valueHexView?: Uint8Array } }).valueBlock?.valueHexView
  return bytes !== undefined && Buffer.from(bytes).toString('hex') === certificate.subjectKeyId
}

/**
 * Whether the signed attribute names this certificate by its digest (RFC 5035, RFC 2634). PAdES asks for it; older
 * signatures that have none are bound by issuer and serial number alone, which is accepted.
 */
function bindsCertificate(
  v2: asn1js.BaseBlock | undefined,
  v1: asn1js.BaseBlock | undefined,
  certificate: Certificate,
): boolean {
  const attribute = v2 ?? v1
  if (!attribute) return true
  const first = children(children(children(attribute)[0])[0])
  let hash = 'sha1'
  let at = 0
  if (v2) {
    const named = first[0] instanceof asn1js.Sequence ? children(first[at++])[0] : undefined
    hash = named instanceof asn1js.ObjectIdentifier ? (digestByOid(named.valueBlock.toString())?.name ?? '') : 'sha256'
  }
  const digest = first[at]
  return (
    hash !== '' &&
    digest instanceof asn1js.OctetString &&
    hashOf(hash, certificate.der).equals(Buffer.from(digest.valueBlock.valueHexView))
  )
}

function children(block: asn1js.BaseBlock | undefined): asn1js.BaseBlock[] {
  return block instanceof asn1js.Constructed ? (block.valueBlock.value as asn1js.BaseBlock[]) : []
}

function readUnsigned(signer: pkijs.SignerInfo, result: ReadSignature): void {
  for (const { type, values } of signer.unsignedAttrs?.attributes ?? []) {
    if (type === OID.timeStampToken && values.length === 1 && !result.timeStamp)
      result.timeStamp = asEncoded(values[0] as asn1js.BaseBlock)
    else result.unknownUnsigned.push(type)
  }
}

import * as asn1js from 'asn1js'
import * as pkijs from 'pkijs'
import { checkSignature, digestByOid, hashOf, type SignatureCheck } from '../algorithms.ts'
import { fromDer } from '../asn1.ts'
import { isDer } from '../der-form.ts'
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
  if (bytes[0] !== 0x30 || bytes.length < 4) return undefined
  const lengths = bytes[1]! & 0x80 ? bytes[1]! & 0x7f : 0
  if (bytes[1] === 0x80 || lengths > 4) return undefined
  let length = lengths === 0 ? bytes[1]! : 0
  for (let i = 0; i < lengths; i++) length = length * 256 + bytes[2 + i]!
  const end = 2 + lengths + length
  if (end > bytes.length) return undefined
  return { der: Buffer.from(bytes.subarray(0, end)), clean: bytes.subarray(end).every((byte) => byte === 0) }
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

interface SignerInfo {
  sid: asn1js.BaseBlock
  digestOid: string
  signedAttributes?: asn1js.BaseBlock
  signatureAlgorithm: pkijs.AlgorithmIdentifier
  value: Buffer
  unsignedAttributes?: asn1js.BaseBlock
}

function read(bytes: Uint8Array, outside: Uint8Array[] | undefined): ReadSignature {
  const result: ReadSignature = { certificates: [], unknownUnsigned: [] }
  const fault = (what: CmsFault): ReadSignature => ({ ...result, fault: what })
  if (!isDer(bytes)) return fault('malformed')
  const [type, wrapped, ...beside] = sequenceOf(fromDer(bytes))
  const [version, digests, content, ...rest] = sequenceOf(contextOf(wrapped, 0)[0])
  const signers = rest.pop()
  // No revocation lists here: PAdES carries them in the document's store, and nothing would protect them.
  if (oidOf(type) !== OID.signedData || beside.length > 0 || rest.length > 1) return fault('malformed')
  if (!(version instanceof asn1js.Integer)) return fault('malformed')
  for (const item of rest[0] ? contextOf(rest[0], 0) : []) {
    try {
      result.certificates.push(readCertificate(asEncoded(item)))
    } catch {
      // One certificate is broken: the whole was changed, or was never right.
      return fault('damaged-certificate')
    }
  }
  const all = setOf(signers)
  if (all.length === 0) return fault('no-signer')
  if (all.length > 1) return fault('several-signers')
  const signer = signerInfo(all[0]!)
  const [contentType, inside] = sequenceOf(content)
  result.contentType = oidOf(contentType)
  // RFC 5652, 5.1: what it is follows from the rest. Nothing else protects it.
  const asked = result.contentType !== OID.data || !(signer.sid instanceof asn1js.Sequence) ? 3 : 1
  if (version.valueBlock.valueDec !== asked) return fault('malformed')
  if (inside) result.content = octetsOf(contextOf(inside, 0)[0])
  const digest = digestByOid(signer.digestOid)
  const announced = setOf(digests).map((one) => oidOf(sequenceOf(one)[0]))
  if (!digest || announced.length !== 1 || announced[0] !== signer.digestOid) return fault('malformed')
  result.value = signer.value

  const certificate = result.certificates.find((one) => isNamedBy(one, signer.sid))
  if (!certificate) return fault('no-certificate')
  result.signer = certificate
  const attributes = attributesOf(signer.signedAttributes)
  if (!signer.signedAttributes || !attributes) return fault('attributes')
  const only = (id: string) => (attributes.get(id)?.length === 1 ? attributes.get(id)![0] : undefined)
  const stated = octetsOf(only(OID.messageDigest))
  if (!stated || oidOf(only(OID.contentType)) !== result.contentType) return fault('attributes')
  const time = only(OID.signingTime)
  if (time instanceof asn1js.UTCTime || time instanceof asn1js.GeneralizedTime) result.claimedTime = time.toDate()
  if (!bindsCertificate(only(OID.signingCertificateV2), only(OID.signingCertificate), certificate))
    return fault('other-certificate')
  readUnsigned(signer, result)

  const signed = outside ? Buffer.concat(outside) : result.content
  if (!signed || (outside && inside)) return fault('malformed')
  if (!hashOf(digest.name, signed).equals(stated)) return fault('digest')
  const encoded = asEncoded(signer.signedAttributes)
  encoded[0] = 0x31
  result.check = checkSignature(signer.signatureAlgorithm, certificate.publicKey, encoded, result.value, digest.name)
  if (!result.check.good) return fault('signature')
  if (result.check.weak || digest.weak) return fault('weak-algorithm')
  return result
}

/** `SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, [0], signatureAlgorithm, signature, [1] }` (RFC 5652, 5.3). */
function signerInfo(block: asn1js.BaseBlock): SignerInfo {
  const [version, sid, digest, ...rest] = sequenceOf(block)
  const signedAttributes = isContext(rest[0], 0) ? rest.shift() : undefined
  const [algorithm, value, unsignedAttributes, ...more] = rest
  const octets = octetsOf(value)
  if (
    !(version instanceof asn1js.Integer) ||
    !sid ||
    !octets ||
    more.length > 0 ||
    !(algorithm instanceof asn1js.Sequence)
  )
    throw new Error('no SignerInfo')
  if (version.valueBlock.valueDec !== (sid instanceof asn1js.Sequence ? 1 : 3))
    throw new Error('SignerInfo of another version')
  if (unsignedAttributes && !isContext(unsignedAttributes, 1)) throw new Error('more than a SignerInfo')
  return {
    sid,
    digestOid: oidOf(sequenceOf(digest)[0]) ?? '',
    signedAttributes,
    signatureAlgorithm: new pkijs.AlgorithmIdentifier({ schema: algorithm }),
    value: octets,
    unsignedAttributes,
  }
}

/** The members of a SEQUENCE, of a SET, of `[tag]`: throws where something else stands. */
function sequenceOf(block: asn1js.BaseBlock | undefined): asn1js.BaseBlock[] {
  if (!(block instanceof asn1js.Sequence)) throw new Error('SEQUENCE expected')
  return children(block)
}

function setOf(block: asn1js.BaseBlock | undefined): asn1js.BaseBlock[] {
  if (!(block instanceof asn1js.Set)) throw new Error('SET expected')
  return children(block)
}

function contextOf(block: asn1js.BaseBlock | undefined, tag: number): asn1js.BaseBlock[] {
  if (!isContext(block, tag) || !(block instanceof asn1js.Constructed)) throw new Error(`[${tag}] expected`)
  return children(block)
}

function isContext(block: asn1js.BaseBlock | undefined, tag: number): boolean {
  return block?.idBlock.tagClass === 3 && block.idBlock.tagNumber === tag
}

function oidOf(block: asn1js.BaseBlock | undefined): string | undefined {
  return block instanceof asn1js.ObjectIdentifier ? block.valueBlock.toString() : undefined
}

/** The bytes of an OCTET STRING, in one piece or in several (BER). */
function octetsOf(block: asn1js.BaseBlock | undefined): Buffer | undefined {
  return block instanceof asn1js.OctetString ? Buffer.from(block.getValue()) : undefined
}

/** Attribute types with their values; undefined where one comes twice. */
function attributesOf(block: asn1js.BaseBlock | undefined): Map<string, asn1js.BaseBlock[]> | undefined {
  const found = new Map<string, asn1js.BaseBlock[]>()
  for (const one of children(block)) {
    const [type, values] = sequenceOf(one)
    const id = oidOf(type)
    if (id === undefined || found.has(id)) return undefined
    found.set(id, setOf(values))
  }
  return found
}

function asEncoded(block: asn1js.BaseBlock): Buffer {
  return Buffer.from(block.valueBeforeDecodeView)
}

function isNamedBy(certificate: Certificate, sid: asn1js.BaseBlock): boolean {
  if (sid instanceof asn1js.Sequence) {
    const [issuer, serial] = children(sid)
    return (
      asEncoded(issuer!).equals(certificate.issuer.raw) &&
      serial instanceof asn1js.Integer &&
      serial.isEqual(certificate.parsed.serialNumber)
    )
  }
  const bytes = isContext(sid, 0) ? (sid as asn1js.Primitive).valueBlock.valueHexView : undefined
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

function readUnsigned(signer: SignerInfo, result: ReadSignature): void {
  const attributes = attributesOf(signer.unsignedAttributes) ?? new Map<string, asn1js.BaseBlock[]>([['twice', []]])
  for (const [type, values] of attributes) {
    if (type === OID.timeStampToken && values.length === 1) result.timeStamp = asEncoded(values[0]!)
    else result.unknownUnsigned.push(type)
  }
}

import { createHash } from 'node:crypto'
import { digestFor, hashOf } from './algorithms.ts'
import type { Certificate } from './certificates/certificate.ts'
import { OID, signedAttributes } from './cms/signed-attributes.ts'
import { placeField, type FieldPlace } from './pdf/place-field.ts'
import { PdfFault } from './pdf/pdf-fault.ts'
import { PdfFile } from './pdf/pdf-file.ts'
import { certification, signatureFields, type FieldLock } from './pdf/signature-fields.ts'
import { PdfUpdate } from './pdf/update.ts'
import { dateString, textString, PdfDict, type PdfRef, PdfName } from './pdf/values.ts'
import { writeValue } from './pdf/write-value.ts'
import type { PreparedSignature, SignatureLevel, SignatureRole } from './prepared.ts'
import { SigningError } from './signing-error.ts'

export interface SignatureRequest {
  /** The signer's certificate, and those above it that the signature should carry. */
  certificate: Certificate
  chain?: Certificate[]
  level: SignatureLevel
  role: SignatureRole
  /** The instant that the signature claims; a time stamp proves it. */
  at: Date
  reason?: string
  location?: string
  /** An empty signature field of the document that is meant for this signature. */
  fieldName?: string
  /** What is seen, and where. Without it the signature is invisible. */
  appearance?: FieldPlace
  /** Certifies the document: afterwards nothing (1), forms and signatures (2), or comments too (3) may change. */
  certify?: 1 | 2 | 3
  /** Form fields that nobody may fill in afterwards. */
  lock?: FieldLock
}

const RANGE_DIGITS = 10

/**
 * First stage: appends to the document everything that will be signed, with a hole for the signature, and says what the
 * key has to sign. Pure: nothing is stored, nothing is asked. Throws a SigningError for a file that cannot be signed.
 */
export function prepare(
  document: Uint8Array,
  request: SignatureRequest,
): { bytes: Buffer; prepared: PreparedSignature } {
  checkCertificate(request.certificate, request.at)
  try {
    return prepareFile(new PdfFile(document), request)
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error
    const sentence = {
      vi: `Tệp PDF bị hỏng nên không thể ký (${error.message}). Tệp vẫn nguyên như đã tải lên; hãy xuất lại PDF rồi thử lại.`,
      en: `The PDF is damaged, so it cannot be signed (${error.message}). The file is as it was uploaded; export the PDF anew and try again.`,
    }
    throw new SigningError('file-damaged', 422, sentence, error)
  }
}

function prepareFile(file: PdfFile, request: SignatureRequest): { bytes: Buffer; prepared: PreparedSignature } {
  const update = new PdfUpdate(file)
  const fields = signatureFields(file)
  if (certification(file) === 1)
    throw new SigningError('file-certified', 422, {
      vi: 'Tài liệu đã được chứng nhận là không cho phép thay đổi gì thêm, kể cả ký thêm. Tài liệu vẫn nguyên vẹn; hãy xin bản cho phép ký.',
      en: 'The document is certified so that nothing may be added, not even a signature. It is untouched; ask for a copy that permits signing.',
    })
  if (request.certify && fields.some((field) => field.value))
    throw new SigningError('certify-first', 422, {
      vi: 'Chỉ chữ ký đầu tiên mới chứng nhận được tài liệu; tài liệu này đã có chữ ký. Hãy ký thường.',
      en: 'Only the first signature can certify a document, and this one has been signed already. Sign it without certifying.',
    })

  const signature = update.reserve()
  const digestAlgorithm = digestFor(request.certificate.publicKey)
  const holeLength = 2 * roomFor(request) + 2
  const written = signatureObject(signature, request, holeLength)
  update.putWritten(signature, written.bytes)
  const fieldName = placeField(update, signature, request, fields)
  if (request.certify) {
    const catalog = update.current(file.rootRef) as PdfDict
    const perms = file.dict(catalog.get('Perms'))?.copy() ?? new PdfDict()
    update.put(file.rootRef, catalog.copy().set('Perms', perms.set('DocMDP', signature)))
  }
  const { bytes, offsets } = update.finish()

  const start = offsets.get(signature.number)!
  const holeStart = start + written.holeAt
  const holeEnd = holeStart + holeLength
  const byteRange: PreparedSignature['byteRange'] = [0, holeStart, holeEnd, bytes.length - holeEnd]
  const range = byteRange.map((number, index) => (index === 0 ? '0' : String(number).padEnd(RANGE_DIGITS))).join(' ')
  bytes.write(range, start + written.rangeAt, 'latin1')

  const digest = createHash(digestAlgorithm)
    .update(bytes.subarray(0, holeStart))
    .update(bytes.subarray(holeEnd))
    .digest()
  const attributes = signedAttributes({
    contentType: OID.data,
    digest,
    digestAlgorithm,
    certificate: request.certificate,
  })
  return {
    bytes,
    prepared: {
      format: 1,
      level: request.level,
      role: request.role,
      fieldName,
      byteRange,
      digestAlgorithm,
      documentDigest: digest.toString('hex'),
      signedAttributes: attributes.toString('base64'),
      certificate: request.certificate.der.toString('base64'),
      chain: (request.chain ?? []).map((one) => one.der.toString('base64')),
      fileDigest: hashOf('sha256', bytes).toString('hex'),
      signingTime: request.at.toISOString(),
    },
  }
}

/** Bytes that the CMS may take: certificates, the signature itself, and a generous time stamp with its own chain. */
function roomFor({ certificate, chain = [], level }: SignatureRequest): number {
  const certificates = [certificate, ...chain].reduce((sum, one) => sum + one.der.length, 0)
  return certificates + 2048 + (level === 'B' ? 0 : 12_288)
}

/** The signature dictionary, written so that the places of its range and its hole are known. */
function signatureObject(
  ref: PdfRef,
  request: SignatureRequest,
  holeLength: number,
): { bytes: Buffer; rangeAt: number; holeAt: number } {
  const dict = new PdfDict({
    Type: new PdfName('Sig'),
    Filter: new PdfName('Adobe.PPKLite'),
    SubFilter: new PdfName('ETSI.CAdES.detached'),
    M: dateString(request.at),
  })
  const text = { Name: request.certificate.subject.commonName, Reason: request.reason, Location: request.location }
  for (const [key, value] of Object.entries(text)) if (value) dict.set(key, textString(value))
  const references = transforms(request)
  if (references.length > 0) dict.set('Reference', references)
  const head = `${ref.number} ${ref.generation} obj\n${writeValue(dict).slice(0, -2)}\n/ByteRange [`
  const range = `0 ${Array(3).fill(' '.repeat(RANGE_DIGITS)).join(' ')}`
  const middle = `]\n/Contents `
  const bytes = Buffer.from(`${head}${range}${middle}<${'0'.repeat(holeLength - 2)}>>>\nendobj\n`, 'latin1')
  return { bytes, rangeAt: head.length, holeAt: head.length + range.length + middle.length }
}

function transforms({ certify, lock }: SignatureRequest): PdfDict[] {
  const reference = (method: string, parameters: PdfDict) =>
    new PdfDict({
      Type: new PdfName('SigRef'),
      TransformMethod: new PdfName(method),
      TransformParams: parameters.set('Type', new PdfName('TransformParams')).set('V', new PdfName('1.2')),
    })
  const all: PdfDict[] = []
  if (certify) all.push(reference('DocMDP', new PdfDict({ P: certify })))
  if (lock) {
    const parameters = new PdfDict({ Action: new PdfName(lock.action) })
    if (lock.action !== 'All') parameters.set('Fields', lock.fields.map(textString))
    all.push(reference('FieldMDP', parameters))
  }
  return all
}

function checkCertificate(certificate: Certificate, at: Date): void {
  const day = (date: Date) => date.toLocaleDateString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' })
  if (at > certificate.notAfter)
    throw new SigningError('certificate-expired', 422, {
      vi: `Chứng thư số của ${certificate.subject.commonName} đã hết hạn ngày ${day(certificate.notAfter)}. Chưa ký gì; hãy xin gia hạn chứng thư.`,
      en: `The certificate of ${certificate.subject.commonName} expired on ${day(certificate.notAfter)}. Nothing was signed; have it renewed.`,
    })
  if (at < certificate.notBefore)
    throw new SigningError('certificate-not-yet-valid', 422, {
      vi: `Chứng thư số của ${certificate.subject.commonName} chỉ có hiệu lực từ ngày ${day(certificate.notBefore)}. Chưa ký gì; hãy kiểm tra đồng hồ của máy chủ.`,
      en: `The certificate of ${certificate.subject.commonName} is valid only from ${day(certificate.notBefore)}. Nothing was signed; check the server's clock.`,
    })
  const { keyUsage } = certificate
  if (certificate.isCa || (keyUsage && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')))
    throw new SigningError('certificate-wrong-use', 422, {
      vi: `Chứng thư số của ${certificate.subject.commonName} không dùng để ký văn bản. Chưa ký gì; hãy chọn chứng thư ký.`,
      en: `The certificate of ${certificate.subject.commonName} is not for signing documents. Nothing was signed; choose one that is.`,
    })
}

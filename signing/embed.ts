import { hashOf } from './algorithms.ts'
import { PdfFile } from './pdf/pdf-file.ts'
import { PdfUpdate } from './pdf/update.ts'
import { PdfDict, PdfRef, PdfStream, type PdfValue } from './pdf/values.ts'
import type { PreparedSignature, SignatureEvidence, ValidationMaterial } from './prepared.ts'
import { SigningError } from './signing-error.ts'

/**
 * Third stage: fills the hole, and at level LT appends what proves the certificates. Pure: the same three inputs give
 * the same bytes, so a repeat after a kill signs nothing twice.
 */
export function embed(bytes: Uint8Array, prepared: PreparedSignature, evidence: SignatureEvidence): Buffer {
  if (evidence.of !== prepared.fileDigest || hashOf('sha256', bytes).toString('hex') !== prepared.fileDigest)
    throw new SigningError('other-document', 409, {
      vi: 'Chữ ký này thuộc về một bản khác của tài liệu. Không có gì được ghi; hãy mở bản đang hiển thị và ký lại.',
      en: 'This signature belongs to another version of the document. Nothing was written; open the version shown and sign again.',
    })
  const cms = Buffer.from(evidence.cms, 'base64').toString('hex')
  const [, start, end] = prepared.byteRange
  const room = end - start - 2
  if (cms.length > room)
    throw new SigningError('signature-too-large', 422, {
      vi: `Chữ ký (${cms.length / 2} byte) lớn hơn chỗ đã chừa trong tài liệu. Tài liệu chưa thay đổi; hãy ký lại, và báo quản trị nếu còn gặp.`,
      en: `The signature (${cms.length / 2} bytes) is larger than the room left in the document. The document is unchanged; sign again, and tell an administrator if it recurs.`,
    })
  const signed = Buffer.from(bytes)
  signed.write(cms, start + 1, 'latin1')
  return evidence.validation ? addValidation(signed, evidence.validation) : signed
}

/** Appends the Document Security Store (EN 319 142-1, 5.4.2), keeping what an earlier one holds. */
export function addValidation(document: Uint8Array, material: ValidationMaterial): Buffer {
  const file = new PdfFile(document)
  const update = new PdfUpdate(file)
  const held = file.catalog.get('DSS')
  const store = (file.dict(held) ?? new PdfDict({})).copy()
  for (const [key, added] of [
    ['Certs', material.certificates],
    ['OCSPs', material.ocsps],
    ['CRLs', material.crls],
  ] as const) {
    const now: PdfValue[] = [...(file.array(store.get(key)) ?? [])]
    const known = new Set(
      now.map((ref) => file.resolve(ref)).map((one) => (one instanceof PdfStream ? digestOf(one.raw) : '')),
    )
    for (const one of added) {
      const raw = Buffer.from(one, 'base64')
      if (!known.has(digestOf(raw))) now.push(update.add(new PdfStream(new PdfDict(), raw)))
    }
    if (now.length > 0) store.set(key, now)
  }
  if (held instanceof PdfRef) update.put(held, store)
  else update.put(file.rootRef, file.catalog.copy().set('DSS', update.add(store)))
  return update.finish().bytes
}

const digestOf = (bytes: Uint8Array): string => hashOf('sha256', bytes).toString('hex')

import { randomBytes } from 'node:crypto'
import { SigningError } from '../signing-error.ts'
import { importDrawing } from './import-drawing.ts'
import { pagesOf, type Page } from './pages.ts'
import type { SignatureField } from './signature-fields.ts'
import type { PdfUpdate } from './update.ts'
import { PdfDict, PdfName, PdfRef, textString, type PdfValue } from './values.ts'

export interface FieldPlace {
  /** From 0. */
  page: number
  /** [left, bottom, right, top] in the page's own unturned units. */
  rect: [number, number, number, number]
  /** A PDF of one page that fills the rectangle, upright as the page is seen. */
  drawing: Uint8Array
}

const PRINT_AND_LOCKED = 4 + 128
const SIGNATURES_EXIST_APPEND_ONLY = 3

/** Gives the signature its field, its widget on a page and its entry in the form. Answers with the field's full name. */
export function placeField(
  update: PdfUpdate,
  signature: PdfRef,
  request: { fieldName?: string; role: string; appearance?: FieldPlace },
  fields: SignatureField[],
): string {
  const { file } = update
  const wanted = request.appearance?.page ?? 0
  const page = pagesOf(file, wanted + 1)[wanted]
  if (!page) throw noSuchPage(wanted)
  const look = request.appearance && importDrawing(update, request.appearance.drawing, page.rotate)
  if (request.fieldName !== undefined) {
    const field = fields.find((one) => one.name === request.fieldName)
    if (!field || field.dict.has('V')) throw noSuchField(request.fieldName, field !== undefined)
    const dict = field.dict.copy().set('V', signature)
    const widget = file.array(field.dict.get('Kids'))?.[0]
    const alone = file.dict(widget)
    if (look && widget instanceof PdfRef && alone) update.put(widget, alone.copy().set('AP', new PdfDict({ N: look })))
    else if (look) dict.set('AP', new PdfDict({ N: look }))
    update.put(field.ref, dict)
    setFlags(update, undefined)
    return field.name
  }
  const name = `imoit-${request.role}-${randomBytes(4).toString('hex')}`
  const widget = new PdfDict({
    Type: new PdfName('Annot'),
    Subtype: new PdfName('Widget'),
    FT: new PdfName('Sig'),
    T: textString(name),
    V: signature,
    F: PRINT_AND_LOCKED,
    P: page.ref,
    Rect: request.appearance?.rect ?? [0, 0, 0, 0],
  })
  if (look) widget.set('AP', new PdfDict({ N: look })).set('MK', new PdfDict({ R: page.rotate }))
  const ref = update.add(widget)
  addToPage(update, page, ref)
  setFlags(update, ref)
  return name
}

function addToPage(update: PdfUpdate, page: Page, widget: PdfRef): void {
  const annots = page.dict.get('Annots')
  const now = update.file.array(annots) ?? []
  if (annots instanceof PdfRef && now.length > 0) update.put(annots, [...now, widget])
  else update.put(page.ref, page.dict.copy().set('Annots', [...now, widget]))
}

/** Says in the form that there are signatures, and adds a field to it. The form is made where there is none. */
function setFlags(update: PdfUpdate, field: PdfRef | undefined): void {
  const { file } = update
  const catalog = update.current(file.rootRef) as PdfDict
  const held = catalog.get('AcroForm')
  const form = (file.dict(held) ?? new PdfDict()).copy().set('SigFlags', SIGNATURES_EXIST_APPEND_ONLY)
  if (field) {
    const list = form.get('Fields')
    const now: PdfValue[] = file.array(list) ?? []
    if (list instanceof PdfRef && now.length > 0) update.put(list, [...now, field])
    else form.set('Fields', [...now, field])
  }
  if (held instanceof PdfRef && file.dict(held)) update.put(held, form)
  else if (held === undefined || held instanceof PdfRef)
    update.put(file.rootRef, catalog.copy().set('AcroForm', update.add(form)))
  else update.put(file.rootRef, catalog.copy().set('AcroForm', form))
}

function noSuchField(name: string, signed: boolean): SigningError {
  return signed
    ? new SigningError('field-signed', 409, {
        vi: `Ô ký “${name}” đã có chữ ký. Tài liệu vẫn nguyên vẹn; hãy chọn ô khác hoặc ký không chọn ô.`,
        en: `The signature field “${name}” has been signed already. The document is untouched; choose another field or none.`,
      })
    : new SigningError('field-missing', 422, {
        vi: `Tài liệu không có ô ký “${name}”. Tài liệu vẫn nguyên vẹn; hãy mở lại tài liệu và chọn vị trí ký.`,
        en: `The document has no signature field “${name}”. It is untouched; open it again and choose where to sign.`,
      })
}

function noSuchPage(index: number): SigningError {
  return new SigningError('page-missing', 422, {
    vi: `Tài liệu không có trang ${index + 1} để đặt chữ ký. Tài liệu vẫn nguyên vẹn; hãy mở lại và chọn vị trí ký.`,
    en: `The document has no page ${index + 1} for the signature. It is untouched; open it again and choose where to sign.`,
  })
}

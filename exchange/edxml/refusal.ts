/**
 * Why an edXML message is not taken (or not written). Each reason has a code for programs, an HTTP status, the exchange's
 * error code (10 bad file, 21 file handling, 22 edXML invalid), and a sentence in both languages.
 */
interface Reason {
  status: number
  exchangeCode: '10' | '21' | '22'
  vi: string
  en: string
}

const nothingKept = {
  vi: 'Không có gì được lưu. Đề nghị bên gửi sửa và gửi lại.',
  en: 'Nothing was stored. The sender has to correct it and send it again.',
}

/** `{detail}` is replaced by what was found, shortened and without control characters. */
const reasons = {
  malformed: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp edXML không phải XML hợp lệ ({detail}).',
    en: 'The edXML file is not well-formed XML ({detail}).',
  },
  encoding: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp edXML phải dùng mã UTF-8 ({detail}).',
    en: 'The edXML file has to be encoded in UTF-8 ({detail}).',
  },
  doctype: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp edXML có khai báo DOCTYPE, không được phép.',
    en: 'The edXML file has a DOCTYPE declaration, which is not allowed.',
  },
  entity: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp edXML dùng thực thể XML ngoài chuẩn, không được phép.',
    en: 'The edXML file uses an XML entity other than the five predefined ones, which is not allowed.',
  },
  tooDeep: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp edXML lồng nhau quá sâu ({detail}).',
    en: 'The edXML file is nested too deeply ({detail}).',
  },
  tooManyElements: {
    status: 413,
    exchangeCode: '22',
    vi: 'Tệp edXML có quá nhiều thành phần ({detail}).',
    en: 'The edXML file has too many elements ({detail}).',
  },
  messageTooLarge: {
    status: 413,
    exchangeCode: '10',
    vi: 'Thông điệp vượt quá dung lượng cho phép ({detail}).',
    en: 'The message is larger than allowed ({detail}).',
  },
  wrongNamespace: {
    status: 422,
    exchangeCode: '22',
    vi: 'Tệp không thuộc không gian tên của QCVN 102:2016 ({detail}).',
    en: 'The file is not in the namespace of QCVN 102:2016 ({detail}).',
  },
  noDocumentId: {
    status: 422,
    exchangeCode: '22',
    vi: 'Thông điệp thiếu mã định danh văn bản (DocumentId).',
    en: 'The message has no document identifier (DocumentId).',
  },
  doubleDocumentId: {
    status: 422,
    exchangeCode: '22',
    vi: 'Thông điệp có nhiều hơn một mã định danh văn bản (DocumentId).',
    en: 'The message has more than one document identifier (DocumentId).',
  },
  missing: {
    status: 422,
    exchangeCode: '22',
    vi: 'Thông điệp thiếu thành phần bắt buộc {detail}.',
    en: 'The message lacks the required element {detail}.',
  },
  repeated: {
    status: 422,
    exchangeCode: '22',
    vi: 'Thành phần {detail} xuất hiện nhiều lần nên không rõ nghĩa.',
    en: 'The element {detail} occurs more than once, which leaves its meaning open.',
  },
  field: {
    status: 422,
    exchangeCode: '22',
    vi: 'Trường dữ liệu sai kiểu hoặc quá dài: {detail}.',
    en: 'A field is of the wrong kind or too long: {detail}.',
  },
  attachmentName: {
    status: 422,
    exchangeCode: '21',
    vi: 'Tên tệp đính kèm không an toàn ({detail}).',
    en: 'The name of an attachment is not safe ({detail}).',
  },
  attachmentMissing: {
    status: 422,
    exchangeCode: '21',
    vi: 'Thông điệp nêu tệp {detail} nhưng không kèm tệp đó.',
    en: 'The message lists the file {detail} but does not carry it.',
  },
  attachmentNotListed: {
    status: 422,
    exchangeCode: '21',
    vi: 'Thông điệp kèm tệp {detail} nhưng không nêu trong danh mục.',
    en: 'The message carries the file {detail} but does not list it.',
  },
  attachmentRepeated: {
    status: 422,
    exchangeCode: '21',
    vi: 'Hai tệp đính kèm có cùng ContentId {detail}.',
    en: 'Two attachments have the same ContentId {detail}.',
  },
  attachmentEncoding: {
    status: 422,
    exchangeCode: '21',
    vi: 'Nội dung tệp đính kèm không phải base64 hợp lệ ({detail}).',
    en: 'The content of an attachment is not valid base64 ({detail}).',
  },
  attachmentTooLarge: {
    status: 413,
    exchangeCode: '21',
    vi: 'Tệp đính kèm vượt quá dung lượng cho phép ({detail}).',
    en: 'An attachment is larger than allowed ({detail}).',
  },
  attachmentsTooLarge: {
    status: 413,
    exchangeCode: '21',
    vi: 'Tổng dung lượng tệp đính kèm vượt quá mức cho phép ({detail}).',
    en: 'The attachments together are larger than allowed ({detail}).',
  },
  zipInvalid: {
    status: 422,
    exchangeCode: '21',
    vi: 'Tệp nén của tệp đính kèm bị hỏng hoặc có mật khẩu ({detail}).',
    en: 'The ZIP around an attachment is damaged or encrypted ({detail}).',
  },
  zipEntries: {
    status: 422,
    exchangeCode: '21',
    vi: 'Tệp nén của tệp đính kèm phải chứa đúng một tệp ({detail}).',
    en: 'The ZIP around an attachment has to hold exactly one file ({detail}).',
  },
} satisfies Record<string, Reason>

export type EdxmlRefusalCode = keyof typeof reasons

/** A message that is refused. `code` is for programs, `vi` and `en` for the person or peer who reads it. */
export class EdxmlRefusal extends Error {
  override readonly name = 'EdxmlRefusal'
  readonly code: EdxmlRefusalCode
  readonly status: number
  /** The exchange's own error code: 10 bad file, 21 file handling, 22 edXML invalid. */
  readonly exchangeCode: '10' | '21' | '22'
  readonly vi: string
  readonly en: string

  constructor(code: EdxmlRefusalCode, detail = '') {
    const reason: Reason = reasons[code]
    const shown = printable(detail)
    const vi = `${reason.vi.replace('{detail}', () => shown)} ${nothingKept.vi}`
    const en = `${reason.en.replace('{detail}', () => shown)} ${nothingKept.en}`
    super(en)
    this.code = code
    this.status = reason.status
    this.exchangeCode = reason.exchangeCode
    this.vi = vi
    this.en = en
  }
}

/** What a hostile message says goes into logs and pages: at most 120 characters, controls and bidi marks shown as `�`. */
function printable(detail: string): string {
  const clean = detail.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{fffd}')
  return clean.length > 120 ? `${clean.slice(0, 119)}…` : clean
}

export type MailErrorCode =
  /** The server could not be reached, or broke off. */
  | 'server-unreachable'
  /** The server said "later" (4xx). */
  | 'server-busy'
  /** The server refused for good (5xx): sender, size or content. */
  | 'letter-refused'
  /** No recipient was accepted, for good. */
  | 'recipient-unknown'
  /** What should be sent is no letter: no recipient, an address that is none. */
  | 'letter-invalid'
  /** What came in cannot be read safely. */
  | 'letter-unreadable'
  /** What came in is larger than the limit. */
  | 'letter-too-large'

/** A letter that was not sent or not taken in. `permanent`: trying again with the same letter cannot help. */
export class MailError extends Error {
  readonly code: MailErrorCode
  readonly permanent: boolean
  /** HTTP status for a page that shows it. */
  readonly status: number
  readonly vi: string
  readonly en: string

  constructor(code: MailErrorCode, permanent: boolean, detail: string, cause?: unknown) {
    const { vi, en } = SENTENCES[code]
    super(detail === '' ? en : `${en} (${detail})`, { cause })
    this.name = 'MailError'
    this.code = code
    this.permanent = permanent
    this.status = permanent ? 422 : 503
    this.vi = vi
    this.en = en
  }
}

const SENTENCES: Record<MailErrorCode, { vi: string; en: string }> = {
  'server-unreachable': {
    vi: 'Không kết nối được máy chủ thư. Thư vẫn được giữ và sẽ tự gửi lại.',
    en: 'The mail server cannot be reached. The letter is kept and sent again by itself.',
  },
  'server-busy': {
    vi: 'Máy chủ thư tạm thời chưa nhận. Thư vẫn được giữ và sẽ tự gửi lại.',
    en: 'The mail server does not accept the letter now. It is kept and sent again by itself.',
  },
  'letter-refused': {
    vi: 'Máy chủ thư từ chối thư này. Thư chưa đến người nhận; hãy xem lý do và gửi lại sau khi sửa.',
    en: 'The mail server refused this letter. It has not reached anybody; see the reason and send it again once mended.',
  },
  'recipient-unknown': {
    vi: 'Máy chủ thư không nhận địa chỉ người nhận. Thư chưa đến người nhận; hãy kiểm tra địa chỉ.',
    en: 'The mail server does not know the recipient. The letter has not reached them; check the address.',
  },
  'letter-invalid': {
    vi: 'Thư thiếu người nhận hoặc có địa chỉ sai nên chưa gửi. Hãy kiểm tra địa chỉ.',
    en: 'The letter has no recipient or a wrong address and was not sent. Check the address.',
  },
  'letter-unreadable': {
    vi: 'Thư đến có cấu trúc không đọc được an toàn nên không nhận. Người gửi được báo; hãy đề nghị gửi lại.',
    en: 'The incoming letter cannot be read safely and was not taken in. The sender is told; ask for it again.',
  },
  'letter-too-large': {
    vi: 'Thư đến vượt giới hạn dung lượng nên không nhận. Người gửi được báo; hãy đề nghị gửi tệp nhỏ hơn.',
    en: 'The incoming letter is over the size limit and was not taken in. The sender is told; ask for smaller files.',
  },
}

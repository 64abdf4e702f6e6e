/** The gateway's error codes, and the two ways in which a call can fail for its caller. */
export const gatewayErrors = {
  '10': { status: 400, vi: 'Tệp hoặc lời gọi không hợp lệ.', en: 'The file or the call is not valid.' },
  '15': {
    status: 401,
    vi: 'Thông tin xác thực không đúng hoặc không đủ quyền.',
    en: 'The credentials are wrong, or do not allow this.',
  },
  '18': { status: 404, vi: 'Đơn vị nhận chưa đăng ký trên hệ thống.', en: 'The receiver is not known here.' },
  '19': { status: 403, vi: 'Đơn vị gửi chưa đăng ký trên hệ thống.', en: 'The sender is not registered here.' },
  '20': { status: 500, vi: 'Lỗi của hệ thống trung gian.', en: 'The gateway itself failed.' },
  '21': { status: 422, vi: 'Lỗi xử lý tệp.', en: 'The file could not be handled.' },
  '22': { status: 422, vi: 'edXML không hợp lệ.', en: 'The edXML is invalid.' },
  '23': { status: 423, vi: 'Đơn vị nhận đang bị khóa.', en: 'The receiver is locked.' },
} as const

export type GatewayErrorCode = keyof typeof gatewayErrors
/** 20 is the gateway's own fault and may pass. The others stay the same however often the call is repeated. */
export type FinalErrorCode = Exclude<GatewayErrorCode, '20'>

/** True for a code after which a repeat is pointless. */
export function isFinalErrorCode(code: string): code is FinalErrorCode {
  return Object.hasOwn(gatewayErrors, code) && code !== '20'
}

/** The gateway has looked at the call and says no: do not repeat it, show the reason to a person. */
export class ExchangeRefused extends Error {
  override readonly name = 'ExchangeRefused'
  readonly retryable = false
  constructor(
    /** The gateway's code; `unexpected` for an answer that is refused without one. */
    readonly code: FinalErrorCode | 'unexpected',
    readonly status: number,
    readonly vi: string,
    readonly en: string,
  ) {
    super(`${code}: ${en}`)
  }
}

/** The gateway could not be asked, or failed: repeat later with the same message. */
export class ExchangeUnavailable extends Error {
  override readonly name = 'ExchangeUnavailable'
  readonly retryable = true
  readonly code = 'unavailable'
  readonly status = 503
  readonly vi: string
  readonly en: string
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.vi = `Chưa kết nối được trục liên thông văn bản (${detail}). Thông điệp vẫn được giữ và sẽ được gửi lại.`
    this.en = `The document exchange cannot be reached (${detail}). The message is kept and will be sent again.`
  }
}

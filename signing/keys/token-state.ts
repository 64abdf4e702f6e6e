import { SigningError, type Sentence } from '../signing-error.ts'

/** What a token says of its PIN: how near it is to locking itself. */
export type PinState = 'ok' | 'count-low' | 'final-try' | 'locked' | 'not-set'

const CKF_USER_PIN_INITIALIZED = 0x8
const CKF_USER_PIN_COUNT_LOW = 0x10000
const CKF_USER_PIN_FINAL_TRY = 0x20000
const CKF_USER_PIN_LOCKED = 0x40000

/** Reads the flags of CK_TOKEN_INFO (PKCS#11 v2.40, 3.2). */
export function pinState(flags: number): PinState {
  if (flags & CKF_USER_PIN_LOCKED) return 'locked'
  if (flags & CKF_USER_PIN_FINAL_TRY) return 'final-try'
  if (flags & CKF_USER_PIN_COUNT_LOW) return 'count-low'
  return flags & CKF_USER_PIN_INITIALIZED ? 'ok' : 'not-set'
}

/** What a person must know before typing a PIN; undefined when there is nothing to warn of. */
export function pinWarning(state: PinState): Sentence | undefined {
  const warnings: Record<PinState, Sentence | undefined> = {
    ok: undefined,
    'count-low': {
      vi: 'Mã PIN đã bị nhập sai trước đó; còn ít lần thử. Hãy nhập cẩn thận.',
      en: 'The PIN was typed wrongly before; few tries are left. Type it with care.',
    },
    'final-try': {
      vi: 'Chỉ còn MỘT lần thử: nhập sai lần nữa thiết bị sẽ bị khóa. Nếu không chắc mã PIN, hãy dừng lại và hỏi quản trị.',
      en: 'This is the LAST try: one more wrong PIN locks the token. If you are not sure of it, stop and ask an administrator.',
    },
    locked: {
      vi: 'Thiết bị đã bị khóa vì nhập sai mã PIN quá nhiều lần. Hãy liên hệ nơi cấp chứng thư để mở khóa.',
      en: 'The token is locked after too many wrong PINs. Ask the authority that issued it to unlock it.',
    },
    'not-set': {
      vi: 'Thiết bị chưa đặt mã PIN. Hãy đặt mã PIN bằng phần mềm của thiết bị trước khi ký.',
      en: 'The token has no PIN yet. Set one with the token’s own software before signing.',
    },
  }
  return warnings[state]
}

const NOTHING_SIGNED: Sentence = {
  vi: 'Chưa có gì được ghi vào tài liệu.',
  en: 'Nothing was written into the document.',
}

/** What went wrong on a token, from the code that PKCS#11 returned and what the token says of its PIN since. */
export function tokenError(ckr: number, state: PinState | undefined, cause?: unknown): SigningError {
  const error = (code: string, status: number, vi: string, en: string) =>
    new SigningError(code, status, { vi: `${vi} ${NOTHING_SIGNED.vi}`, en: `${en} ${NOTHING_SIGNED.en}` }, cause)
  switch (ckr) {
    case 0xa0: // CKR_PIN_INCORRECT
    case 0xa1: // CKR_PIN_INVALID
    case 0xa2: {
      // CKR_PIN_LEN_RANGE
      const warning = state && state !== 'ok' ? pinWarning(state) : undefined
      const code = state === 'locked' ? 'pin-locked' : state === 'final-try' ? 'pin-final-try' : 'pin-wrong'
      return error(
        code,
        code === 'pin-locked' ? 423 : 403,
        `Mã PIN không đúng.${warning ? ` ${warning.vi}` : ' Hãy nhập lại.'}`,
        `The PIN is wrong.${warning ? ` ${warning.en}` : ' Type it again.'}`,
      )
    }
    case 0xa4: {
      // CKR_PIN_LOCKED
      const warning = pinWarning('locked')!
      return error('pin-locked', 423, warning.vi, warning.en)
    }
    case 0x32: // CKR_DEVICE_REMOVED
    case 0xe0: // CKR_TOKEN_NOT_PRESENT
    case 0xe1: // CKR_TOKEN_NOT_RECOGNIZED
    case 0xb0: // CKR_SESSION_CLOSED
    case 0xb3: // CKR_SESSION_HANDLE_INVALID
    case 0x101: // CKR_USER_NOT_LOGGED_IN
      return error(
        'token-removed',
        409,
        'Thiết bị ký đã bị rút ra hoặc mất kết nối. Hãy cắm lại rồi ký tiếp các văn bản còn lại.',
        'The token was pulled out or lost. Plug it in again and go on with the documents that are left.',
      )
    default:
      return error(
        'token-failed',
        502,
        `Thiết bị ký báo lỗi (PKCS#11 0x${ckr.toString(16)}). Hãy rút ra cắm lại; nếu vẫn lỗi, báo quản trị mã này.`,
        `The token reports an error (PKCS#11 0x${ckr.toString(16)}). Plug it in anew; if it recurs, tell an administrator this code.`,
      )
  }
}

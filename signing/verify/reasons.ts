import type { Sentence } from '../signing-error.ts'
import type { Reason, Verdict } from './report.ts'

const REASONS = {
  'no-contents': ['invalid', 'Ô ký không chứa chữ ký đọc được.', 'The field holds no signature that can be read.'],
  'byte-range': [
    'invalid',
    'Phạm vi được ký không bao đúng tài liệu: chữ ký đã bị chuyển chỗ hoặc bị bọc lại.',
    'The signed range does not embrace the document as it must: the signature was moved or wrapped.',
  ],
  'unsupported-format': [
    'unknown',
    'Chữ ký ở một định dạng cũ hoặc lạ mà iMOIT không kiểm tra.',
    'The signature is of an old or foreign format that iMOIT does not check.',
  ],
  malformed: ['invalid', 'Cấu trúc chữ ký bị hỏng hoặc đã bị sửa.', 'The signature is broken inside, or was altered.'],
  digest: [
    'invalid',
    'Nội dung đã bị sửa sau khi ký: mã băm không khớp.',
    'The content was altered after signing: its digest does not match.',
  ],
  signature: [
    'invalid',
    'Chữ ký không do khóa của chứng thư này tạo ra.',
    'The signature was not made with the key of this certificate.',
  ],
  'weak-algorithm': [
    'invalid',
    'Chữ ký hoặc chứng thư dùng thuật toán yếu, không còn được chấp nhận.',
    'The signature or a certificate uses a weak algorithm that is no longer accepted.',
  ],
  structure: [
    'invalid',
    'Bản đã ký không còn đọc được như một PDF hoàn chỉnh: cấu trúc tệp đã bị can thiệp.',
    'What was signed cannot be read as a complete PDF: the structure of the file was tampered with.',
  ],
  changed: [
    'invalid',
    'Tài liệu bị thay đổi sau khi ký, ngoài những gì chữ ký cho phép.',
    'The document was changed after signing, beyond what the signature permits.',
  ],
  untrusted: [
    'unknown',
    'Cơ quan cấp chứng thư không có trong danh sách tin cậy.',
    'The authority that issued the certificate is not in the trust list.',
  ],
  expired: ['invalid', 'Chứng thư đã hết hạn vào lúc ký.', 'The certificate had expired when the signature was made.'],
  'expired-since': [
    'unknown',
    'Chứng thư nay đã hết hạn và không có dấu thời gian chứng minh đã ký trước đó.',
    'The certificate has expired since, and no time stamp proves that the signature is older.',
  ],
  'not-yet-valid': [
    'invalid',
    'Chứng thư chưa có hiệu lực vào lúc ký.',
    'The certificate was not yet valid when the signature was made.',
  ],
  'wrong-use': [
    'invalid',
    'Chứng thư không được cấp để ký văn bản.',
    'The certificate was not issued for signing documents.',
  ],
  'not-an-authority': [
    'invalid',
    'Chứng thư do một chủ thể không có quyền cấp chứng thư ký.',
    'The certificate was issued by somebody who may not issue certificates.',
  ],
  'unknown-extension': [
    'unknown',
    'Chứng thư có điều kiện bắt buộc mà iMOIT không biết.',
    'The certificate has a binding condition that iMOIT does not know.',
  ],
  revoked: [
    'invalid',
    'Chứng thư đã bị thu hồi trước lúc ký.',
    'The certificate had been revoked before the signature was made.',
  ],
  'revoked-since': [
    'unknown',
    'Chứng thư nay đã bị thu hồi và không có dấu thời gian chứng minh đã ký trước đó.',
    'The certificate has been revoked since, and no time stamp proves that the signature is older.',
  ],
  'revocation-unknown': [
    'unknown',
    'Chưa biết chứng thư có bị thu hồi hay không: không có câu trả lời đáng tin.',
    'It is not known whether the certificate was revoked: there is no answer to rely on.',
  ],
  'time-stamp-wrong': [
    'invalid',
    'Dấu thời gian không thuộc về chữ ký này hoặc đã bị sửa.',
    'The time stamp does not belong to this signature, or was altered.',
  ],
  'time-stamp-untrusted': [
    'unknown',
    'Dấu thời gian do máy chủ không đáng tin cấp.',
    'The time stamp is by a server that is not trusted.',
  ],
  'time-in-future': ['invalid', 'Thời điểm ký nằm ở tương lai.', 'The signature claims to be made in the future.'],
  'unprotected-part': [
    'unknown',
    'Chữ ký mang theo phần mà iMOIT không biết và chữ ký không bảo vệ.',
    'The signature carries a part that iMOIT does not know and that it does not protect.',
  ],
  'damaged-certificate': [
    'invalid',
    'Một chứng thư đi kèm chữ ký đã bị hỏng hoặc bị sửa.',
    'A certificate that came with the signature is damaged or was altered.',
  ],
  encrypted: [
    'unknown',
    'Tệp được mã hóa nên chưa kiểm tra được; hãy bỏ mã hóa rồi kiểm tra lại.',
    'The file is encrypted and cannot be checked; remove its encryption and check again.',
  ],
} as const satisfies Record<string, readonly [Verdict, string, string]>

export type ReasonCode = keyof typeof REASONS

export function reason(code: ReasonCode): Reason {
  const [verdict, vi, en] = REASONS[code]
  return { code, verdict, vi, en }
}

/** The worst counts: one invalid makes it invalid, else one unknown makes it unknown. */
export function worst(verdicts: Verdict[]): Verdict {
  if (verdicts.includes('invalid')) return 'invalid'
  return verdicts.includes('unknown') ? 'unknown' : 'valid'
}

export function signatureSentence(verdict: Verdict, reasons: Reason[]): Sentence {
  const why = reasons.find((one) => one.verdict === verdict && verdict !== 'valid')
  if (verdict === 'valid') return { vi: 'Chữ ký hợp lệ.', en: 'The signature is valid.' }
  const head =
    verdict === 'invalid'
      ? { vi: 'Chữ ký KHÔNG hợp lệ.', en: 'The signature is NOT valid.' }
      : { vi: 'Chưa đủ căn cứ để kết luận về chữ ký.', en: 'There is not enough to judge the signature.' }
  return why ? { vi: `${head.vi} ${why.vi}`, en: `${head.en} ${why.en}` } : head
}

export function fileSentence(verdict: Verdict, signatures: number, damaged = false): Sentence {
  if (damaged)
    return {
      vi: 'Tệp không đọc được như một PDF hoàn chỉnh nên không chữ ký nào trong đó đáng tin. Hãy đề nghị nơi gửi gửi lại.',
      en: 'The file cannot be read as a complete PDF, so no signature in it can be relied on. Ask the sender for it again.',
    }
  if (signatures === 0) return { vi: 'Tài liệu không có chữ ký số.', en: 'The document has no digital signature.' }
  if (verdict === 'valid')
    return {
      vi: `Tài liệu hợp lệ: ${signatures} chữ ký đều hợp lệ và nội dung không bị sửa sau khi ký.`,
      en: `The document is valid: its ${signatures} signature(s) are valid and nothing was altered after signing.`,
    }
  if (verdict === 'invalid')
    return {
      vi: 'Tài liệu KHÔNG hợp lệ: có chữ ký không hợp lệ. Không xử lý tiếp; hãy báo lại nơi gửi.',
      en: 'The document is NOT valid: a signature in it is not. Do not act on it; tell the sender.',
    }
  return {
    vi: 'Chưa kết luận được về tài liệu: có chữ ký chưa đủ căn cứ. Hãy xem từng chữ ký rồi kiểm tra lại.',
    en: 'The document cannot be judged yet: there is not enough to go by for a signature. Look at each and check again.',
  }
}

import type { StoppedCertificate, VerifiedFile } from '#db/verifications.ts'
import type { FileReport, SignatureReport, Verdict } from '#signing/verify/report.ts'

/** A report as it is kept: the evidence stays behind. */
export type KeptReport = Omit<FileReport, 'evidence'>

/** What the office's own stop of a certificate does to a signature. */
export interface Stop {
  state: StoppedCertificate['state']
  reason: string
  /** Epoch ms. */
  since: number
  /** `before`: signed before, and a time stamp proves it; `after`; `unproven`: it says so itself, and nobody else. */
  signed: 'before' | 'after' | 'unproven'
}

export interface ShownSignature extends SignatureReport {
  stop: Stop | null
}

export interface ShownCheck {
  /** `unsigned`: there is nothing to judge. */
  verdict: Verdict | 'unsigned'
  sentence: KeptReport['sentence']
  isTest: boolean
  signatures: ShownSignature[]
  at: number
  firstAt: number
  outdated: boolean
}

/**
 * A kept result as it is shown now: a certificate that the office has stopped meanwhile counts against what was signed with it since,
 * and against what nobody proves to be older.
 */
export function shownCheck(check: NonNullable<VerifiedFile['check']>): ShownCheck {
  const report = check.report as KeptReport
  const signatures = report.signatures.map((one) => withStop(one, check.stopped))
  const verdict =
    check.verdict === 'unsigned' ? 'unsigned' : worst([check.verdict, ...signatures.map((one) => one.verdict)])
  return {
    verdict,
    sentence: verdict === check.verdict ? report.sentence : STOPPED_FILE[verdict === 'invalid' ? 'after' : 'unproven'],
    isTest: check.isTest,
    signatures,
    at: check.at,
    firstAt: check.firstAt,
    outdated: check.outdated,
  }
}

function withStop(one: SignatureReport, stopped: readonly StoppedCertificate[]): ShownSignature {
  const found = stopped.find(({ fingerprint }) => fingerprint === one.signer?.fingerprint)
  if (!found) return { ...one, stop: null }
  const { state, reason, since } = found
  const at = one.time.at === undefined ? null : Date.parse(one.time.at)
  const signed = at !== null && at >= since ? 'after' : one.time.source === 'time-stamp' ? 'before' : 'unproven'
  const stop: Stop = { state, reason, since, signed }
  if (signed === 'before') return { ...one, stop }
  const counts: Verdict = signed === 'after' ? 'invalid' : 'unknown'
  const verdict = worst([one.verdict, counts])
  return { ...one, stop, verdict, sentence: verdict === one.verdict ? one.sentence : STOPPED_SIGNATURE[signed] }
}

function worst(verdicts: Verdict[]): Verdict {
  if (verdicts.includes('invalid')) return 'invalid'
  return verdicts.includes('unknown') ? 'unknown' : 'valid'
}

const STOPPED_SIGNATURE = {
  after: {
    vi: 'Chữ ký KHÔNG hợp lệ. Được ký sau khi chứng thư đã bị dừng sử dụng.',
    en: 'The signature is NOT valid. It was made after the certificate had been stopped.',
  },
  unproven: {
    vi: 'Chưa đủ căn cứ để kết luận về chữ ký. Chứng thư nay đã bị dừng và không có dấu thời gian chứng minh đã ký trước đó.',
    en: 'There is not enough to judge the signature. The certificate has been stopped since, and no time stamp proves that the signature is older.',
  },
}

const STOPPED_FILE = {
  after: {
    vi: 'Tài liệu KHÔNG hợp lệ: có chữ ký được tạo sau khi chứng thư đã bị dừng sử dụng. Không xử lý tiếp; hãy báo lại nơi gửi.',
    en: 'The document is NOT valid: a signature was made after its certificate had been stopped. Do not act on it; tell the sender.',
  },
  unproven: {
    vi: 'Chưa kết luận được về tài liệu: có chứng thư đã bị dừng sử dụng và không có dấu thời gian. Hãy hỏi lại người ký.',
    en: 'The document cannot be judged: a certificate has been stopped and there is no time stamp. Ask the signer.',
  },
}

/** Changes after a signature, the forbidden first: they are what a reader has to know. */
export function changesInOrder(one: SignatureReport): SignatureReport['changesAfter'] {
  return [...one.changesAfter].sort((a, b) => Number(a.permitted) - Number(b.permitted))
}

import { randomBytes } from 'node:crypto'
import * as pkijs from 'pkijs'
import { digestAlgorithm, hashOf, type DigestName } from '../algorithms.ts'
import { bool, der, fromDer, integer, octets, sequence } from '../asn1.ts'
import type { TrustList } from '../certificates/trust-list.ts'
import { checkTimeStamp } from '../cms/check-time-stamp.ts'
import { SigningError } from '../signing-error.ts'
import { ask, ServiceFault } from './ask.ts'

export interface TimeStampService {
  url: string
  timeoutMs?: number
  /** What time it is here; a demonstration makes its past at other instants. */
  now?: () => Date
}

/** How far a server's clock may be from ours before its stamp is refused. */
const SKEW_MS = 10 * 60_000

/**
 * Has a server stamp a signature's value (RFC 3161). The answer is checked before anybody relies on it: for this value,
 * with our nonce, about now, by a server that the trust list knows. Throws a SigningError; asking again is safe.
 */
export async function requestTimeStamp(
  service: TimeStampService,
  value: Uint8Array,
  digest: DigestName,
  trust: TrustList,
): Promise<{ token: Buffer; at: Date }> {
  const nonce = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const body = sequence(
    integer(1),
    sequence(digestAlgorithm(digest), octets(hashOf(digest, value))),
    integer(nonce),
    bool(true),
  )
  let answer: Buffer
  try {
    answer = await ask(service.url, { method: 'POST', type: 'application/timestamp-query', body }, service.timeoutMs)
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error
    const sentence = {
      vi: `Máy chủ cấp dấu thời gian không trả lời (${error.message}). Chữ ký đã tạo vẫn được giữ, tài liệu chưa thay đổi; hãy thử lại, không cần nhập lại mã PIN.`,
      en: `The time-stamp server does not answer (${error.message}). The signature is kept and the document unchanged; try again, the PIN is not needed anew.`,
    }
    throw new SigningError('time-stamp-unavailable', 503, sentence, error)
  }
  const now = (service.now?.() ?? new Date()).getTime()
  const token = tokenOf(answer)
  const check = checkTimeStamp(token, value, trust)
  if (check.fault || !check.nonce?.equals(nonce) || Math.abs(check.at!.getTime() - now) > SKEW_MS)
    throw wrong(check.fault ?? (check.nonce?.equals(nonce) ? 'time' : 'nonce'))
  return { token, at: check.at! }
}

function tokenOf(answer: Buffer): Buffer {
  let response: pkijs.TimeStampResp
  try {
    response = new pkijs.TimeStampResp({ schema: fromDer(answer) })
  } catch (error) {
    throw wrong('form', error)
  }
  const granted = response.status.status === 0 || response.status.status === 1
  if (!granted || !response.timeStampToken) throw wrong(`status ${response.status.status}`)
  return der(response.timeStampToken.toSchema())
}

function wrong(what: string, cause?: unknown): SigningError {
  const sentence = {
    vi: `Máy chủ cấp dấu thời gian trả lời sai (${what}) nên không được tin. Chữ ký đã tạo vẫn được giữ, tài liệu chưa thay đổi; hãy báo quản trị kiểm tra máy chủ này.`,
    en: `The time-stamp server's answer is wrong (${what}) and is not believed. The signature is kept and the document unchanged; have an administrator look at that server.`,
  }
  return new SigningError('time-stamp-wrong', 502, sentence, cause)
}

/** Who calls: signature, time window, and every nonce once. Checked from headers alone, before the body is read. */
import { randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { parseRequestTimestamp, signatureHeaders, signatureMatches } from '../request-signature.ts'
import type { ExchangeSystem } from './agency-directory.ts'
import { writeDurably } from './durable-file.ts'
import { GatewayRefusal } from './gateway-refusal.ts'

/** Clocks may differ by this much, either way; milliseconds. */
const replayWindow = 5 * 60_000

export interface Caller {
  system: ExchangeSystem
  /** JSON of `/sendEdoc`, as signed. */
  header: string
  /** What the body must hash to. */
  contentSha256: string
}

export class Authenticator {
  /** Nonce with its system to the instant after which it may be forgotten. */
  private readonly seen = new Map<string, number>()
  /** For callers nobody knows: their signature is computed too, so that the answer takes as long. */
  private readonly nobody = randomBytes(32).toString('hex')

  private constructor(
    private readonly systems: Map<string, ExchangeSystem>,
    private readonly journal: string,
    private readonly now: () => number,
  ) {}

  /** Nonces are journalled, so that a restart does not let a call be repeated. */
  static async open(folder: string, systems: ExchangeSystem[], now: () => number): Promise<Authenticator> {
    const journal = join(folder, 'nonces.log')
    const authenticator = new Authenticator(new Map(systems.map((one) => [one.systemId, one])), journal, now)
    const lines = await readFile(journal, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    for (const line of lines.split('\n')) {
      const [until, nonce] = line.split(' ')
      if (nonce && Number(until) > now()) authenticator.seen.set(nonce, Number(until))
    }
    await authenticator.compact()
    return authenticator
  }

  /** The caller. Throws `GatewayRefusal` 15. */
  async check(request: IncomingMessage): Promise<Caller> {
    const value = (name: keyof typeof signatureHeaders) => {
      const header = request.headers[signatureHeaders[name]]
      return typeof header === 'string' ? header : ''
    }
    const parts = {
      method: request.method ?? '',
      target: request.url ?? '',
      systemId: value('systemId'),
      timestamp: value('timestamp'),
      nonce: value('nonce'),
      header: value('header'),
      contentSha256: value('contentSha256'),
    }
    const system = this.systems.get(parts.systemId)
    const matches = signatureMatches(system?.secret ?? this.nobody, parts, value('signature'))
    if (!system || !matches) throw refused('hệ thống hoặc chữ ký không đúng', 'unknown system or wrong signature')
    const time = parseRequestTimestamp(parts.timestamp)
    const now = this.now()
    if (time === null || Math.abs(now - time) > replayWindow) {
      throw refused('thời gian gọi lệch quá 5 phút', 'the time of the call is more than 5 minutes off')
    }
    if (!/^[\w-]{16,64}$/.test(parts.nonce)) throw refused('nonce không hợp lệ', 'the nonce is not valid')
    const nonce = `${encodeURIComponent(system.systemId)}:${parts.nonce}`
    if (this.seen.has(nonce)) throw refused('lời gọi này đã được dùng', 'this call was already made')
    // Past this instant the time window refuses it.
    const until = time + replayWindow + 1
    this.seen.set(nonce, until)
    await this.remember(nonce, until)
    return { system, header: parts.header, contentSha256: parts.contentSha256 }
  }

  private async remember(nonce: string, until: number): Promise<void> {
    await appendFile(this.journal, `${until} ${nonce}\n`, { mode: 0o600 })
    if (this.seen.size < 20_000) return
    for (const [old, end] of this.seen) if (end < this.now()) this.seen.delete(old)
  }

  private async compact(): Promise<void> {
    await writeDurably(this.journal, [...this.seen].map(([nonce, until]) => `${until} ${nonce}\n`).join(''))
  }
}

function refused(vi: string, en: string): GatewayRefusal {
  return new GatewayRefusal('15', { vi: `Xác thực không thành công: ${vi}.`, en: `Not authenticated: ${en}.` })
}

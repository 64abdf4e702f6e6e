/** A system's side of the document exchange. One call, one attempt: whoever keeps the outbox decides when to repeat. */
import { z } from 'zod'
import type { GatewayErrorCode } from './gateway-errors.ts'
import { ExchangeRefused, ExchangeUnavailable, gatewayErrors, isFinalErrorCode } from './gateway-errors.ts'
import type { Agency, MessageType, ReceivedEntry, SendHeader, SentEntry } from './gateway-protocol.ts'
import { agencySchema, receivedEntrySchema, resultSchema, sentEntrySchema } from './gateway-protocol.ts'
import { newNonce, requestTimestamp, sha256Hex, signatureHeaders, signatureOf } from './request-signature.ts'

export interface GatewayClientOptions {
  /** `http://127.0.0.1:9322`, with or without a path. */
  baseUrl: string
  systemId: string
  secret: string
  /** The agency that this system speaks for. */
  organCode: string
  /** For one call, milliseconds; 30,000 unless said. */
  timeoutMs?: number
}

export interface ReceivedMessage extends Omit<ReceivedEntry, 'id'> {
  docId: string
}
export interface SentMessage extends Omit<SentEntry, 'id'> {
  docId: string
}

/** Every method throws `ExchangeRefused` (final) or `ExchangeUnavailable` (repeat later). */
export interface GatewayClient {
  /**
   * Hands a message over. Sending the same DocumentId again gives the same `docId`. `to` narrows the delivery to some of the
   * receivers that the message names; without it all of them get it.
   */
  send(edxml: Buffer, options: { messageType: MessageType; to?: string | string[] }): Promise<{ docId: string }>
  /** Messages not yet acknowledged as `done` or `fail`, oldest first. `since` is ISO 8601. */
  listReceived(options?: { since?: string; limit?: number; messageType?: MessageType }): Promise<ReceivedMessage[]>
  /** What this system sent, newest first, with deliveries and the business statuses that came back. */
  listSent(options?: { documentId?: string; limit?: number }): Promise<SentMessage[]>
  /** The edXML file; its SHA-256 is checked against the one the gateway names. */
  download(docId: string): Promise<Buffer>
  acknowledge(docId: string, state: 'processing' | 'done' | 'fail'): Promise<void>
  agencies(): Promise<Agency[]>
}

export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const base = new URL(options.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const timeoutMs = options.timeoutMs ?? 30_000

  async function request(method: 'GET' | 'POST', path: string, body?: Body): Promise<Response> {
    const target = `${prefix}${path}`
    const parts = {
      method,
      target,
      systemId: options.systemId,
      timestamp: requestTimestamp(Date.now()),
      nonce: newNonce(),
      header: body?.header ?? '',
      contentSha256: sha256Hex(body?.bytes ?? ''),
    }
    const headers: Record<string, string> = {
      [signatureHeaders.systemId]: parts.systemId,
      [signatureHeaders.timestamp]: parts.timestamp,
      [signatureHeaders.nonce]: parts.nonce,
      [signatureHeaders.contentSha256]: parts.contentSha256,
      [signatureHeaders.signature]: signatureOf(options.secret, parts),
    }
    if (body) headers['content-type'] = body.type
    if (body?.header) headers[signatureHeaders.header] = body.header
    try {
      return await fetch(new URL(target, base), {
        method,
        headers,
        body: body?.bytes ?? null,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw new ExchangeUnavailable(reasonOf(error), { cause: error })
    }
  }

  async function call<T>(schema: z.ZodType<T>, method: 'GET' | 'POST', path: string, body?: Body): Promise<T> {
    const response = await request(method, path, body)
    const data = await resultOf(response)
    const parsed = schema.safeParse(data)
    if (!parsed.success) throw new ExchangeUnavailable(`unexpected answer to ${path}`)
    return parsed.data
  }

  return {
    async send(edxml, { messageType, to }) {
      const sendHeader: SendHeader = { from: options.organCode, servicetype: 'eDoc', messagetype: messageType }
      if (to !== undefined) sendHeader.to = typeof to === 'string' ? [to] : to
      const bytes = new Uint8Array(edxml.buffer as ArrayBuffer, edxml.byteOffset, edxml.byteLength)
      return call(z.object({ docId: z.string() }), 'POST', '/sendEdoc', {
        bytes,
        type: 'application/xml',
        header: JSON.stringify(sendHeader),
      })
    },
    async listReceived(filter = {}) {
      const entries = await call(z.array(receivedEntrySchema), 'GET', withQuery('/getReceivedEdocList', filter))
      return entries.map(({ id, ...entry }) => ({ docId: id, ...entry }))
    },
    async listSent(filter = {}) {
      const entries = await call(z.array(sentEntrySchema), 'GET', withQuery('/getSentEdocList', filter))
      return entries.map(({ id, ...entry }) => ({ docId: id, ...entry }))
    },
    async download(docId) {
      const response = await request('GET', withQuery('/downloadEdoc', { docId }))
      if (!response.ok) await resultOf(response)
      const bytes = Buffer.from(await readAll(response))
      if (sha256Hex(bytes) !== response.headers.get(signatureHeaders.contentSha256)) {
        throw new ExchangeUnavailable('the file arrived damaged')
      }
      return bytes
    },
    async acknowledge(docId, state) {
      const bytes = JSON.stringify({ docId, status: state })
      await call(z.unknown(), 'POST', '/updateStatus', { bytes, type: 'application/json' })
    },
    agencies: () => call(z.array(agencySchema), 'GET', '/getAgenciesList'),
  }
}

interface Body {
  bytes: Uint8Array<ArrayBuffer> | string
  type: string
  header?: string
}

function withQuery(path: string, values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value))
  return query.size > 0 ? `${path}?${query}` : path
}

async function resultOf(response: Response): Promise<unknown> {
  const text = Buffer.from(await readAll(response)).toString()
  const result = resultSchema.safeParse(parseJson(text))
  if (result.success && response.ok && result.data.status === 'OK') return result.data.data
  if (result.success && isFinalErrorCode(result.data.ErrorCode)) {
    const { ErrorCode, ErrorDesc, ErrorDescEn } = result.data
    const known = gatewayErrors[ErrorCode as GatewayErrorCode]
    throw new ExchangeRefused(ErrorCode, response.status, ErrorDesc || known.vi, ErrorDescEn || ErrorDesc || known.en)
  }
  // 408 and 429 ask for patience; everything else in the 400s would be answered the same way again.
  if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429) {
    throw new ExchangeRefused(
      'unexpected',
      response.status,
      `Trục liên thông từ chối lời gọi (HTTP ${response.status}). Kiểm tra địa chỉ và cấu hình kết nối.`,
      `The exchange refused the call (HTTP ${response.status}). Check the address and the connection's settings.`,
    )
  }
  const code = result.success ? `, ErrorCode ${result.data.ErrorCode}` : ''
  throw new ExchangeUnavailable(`HTTP ${response.status}${code}`)
}

async function readAll(response: Response): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer()
  } catch (error) {
    throw new ExchangeUnavailable(reasonOf(error), { cause: error })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON means not the gateway's word; the caller names the HTTP status instead.
    return undefined
  }
}

/** fetch hides what happened (`ECONNREFUSED`) in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return error.name === 'TimeoutError' ? 'timeout' : error.message
}

/** Every request to the node comes here: the page, the calls, and what is refused, with its reason and its line in the log. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { defaultLimits } from '../edxml/limits.ts'
import { readEdxml } from '../edxml/read.ts'
import { EdxmlRefusal } from '../edxml/refusal.ts'
import type { GatewayResult } from '../gateway-protocol.ts'
import { sameOrgan } from '../organ-codes.ts'
import { signatureHeaders } from '../request-signature.ts'
import type { Holdings } from './accept-message.ts'
import { acceptMessage } from './accept-message.ts'
import type { Authenticator } from './authenticate.ts'
import { drain } from './body.ts'
import { calls, FileAnswer } from './calls.ts'
import { GatewayRefusal } from './gateway-refusal.ts'
import type { GovernmentNodeOptions, NodeLogEntry } from './options.ts'
import { nodePage, pagePolicy } from './page.ts'

export class FrontDesk {
  constructor(
    private readonly options: GovernmentNodeOptions,
    private readonly holdings: Holdings,
    private readonly authenticator: Authenticator,
  ) {}

  /** Answers every request; what fails unexpectedly is the gateway's fault (20) and may be repeated. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node')
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-demonstration', 'loopback-node')
    try {
      if (!isLoopbackHost(request.headers.host)) {
        throw new GatewayRefusal('10', { status: 421, vi: 'Sai địa chỉ máy chủ.', en: 'Wrong host.' })
      }
      if (pathname === '/health') return sendJson(response, 200, { ok: true, demonstration: true })
      if (pathname === '/') return this.sendPage(response, request, searchParams)
      if (pathname === '/demonstration/send') return await this.sendLetter(request, response)
      await this.answerCall(request, response, pathname, searchParams)
    } catch (error) {
      await this.refuse(request, response, pathname, error)
    }
  }

  private async answerCall(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const call = Object.hasOwn(calls, path) ? calls[path] : undefined
    if (!call) throw new GatewayRefusal('10', { status: 404, vi: 'Không có lời gọi này.', en: 'No such call.' })
    if (request.method !== call.method) {
      response.setHeader('allow', call.method)
      throw new GatewayRefusal('10', { status: 405, vi: `Chỉ nhận ${call.method}.`, en: `Only ${call.method}.` })
    }
    const caller = await this.authenticator.check(request)
    const data = await call.handle({ ...caller, request, query, holdings: this.holdings })
    if (data instanceof FileAnswer) {
      response.setHeader(signatureHeaders.contentSha256, data.sha256)
      response.setHeader('content-disposition', 'attachment; filename="message.edxml"')
      response.writeHead(200, { 'content-type': 'application/xml', 'content-length': data.bytes.length })
      response.end(data.bytes)
      return
    }
    if (path === '/sendEdoc') this.log('info', 'accepted', request, path, caller.system.systemId)
    const result: GatewayResult = { status: 'OK', ErrorCode: '0', ErrorDesc: '', data }
    sendJson(response, 200, result)
  }

  private async refuse(request: IncomingMessage, response: ServerResponse, path: string, error: unknown) {
    const known = error instanceof GatewayRefusal ? error : null
    const refusal = known ?? new GatewayRefusal('20')
    this.log(known ? 'warn' : 'error', known ? 'refused' : 'failed', request, path, known?.en ?? String(error), refusal)
    await drain(request, 2 * (this.holdings.limits.messageBytes ?? defaultLimits.messageBytes))
    if (response.headersSent) {
      response.destroy()
      return
    }
    const { code: ErrorCode, vi: ErrorDesc, en: ErrorDescEn } = refusal
    const result: GatewayResult = { status: 'FAIL', ErrorCode, ErrorDesc, ErrorDescEn, data: null }
    if (!request.readableEnded) response.setHeader('connection', 'close')
    sendJson(response, refusal.status, result)
  }

  private sendPage(response: ServerResponse, request: IncomingMessage, query: URLSearchParams): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new GatewayRefusal('10', { status: 405, vi: 'Chỉ nhận GET.', en: 'Only GET.' })
    }
    const notice = query.has('sent') ? 'Đã gửi văn bản trình diễn.' : undefined
    this.writePage(response, 200, notice)
  }

  private writePage(response: ServerResponse, status: number, notice?: string): void {
    const { systems } = this.options
    const state = { systems, messages: this.holdings.messages, canSend: this.letter() !== null }
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy })
    response.end(nodePage(notice ? { ...state, notice } : state))
  }

  private letter(): (() => Promise<Buffer>) | null {
    return (this.options.demonstration && this.options.demonstrationLetter) || null
  }

  /** The button's form. Other sites' pages must not be able to press it. */
  private async sendLetter(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const letter = this.letter()
    if (!letter || request.method !== 'POST') {
      throw new GatewayRefusal('10', { status: 404, vi: 'Không có trang này.', en: 'No such page.' })
    }
    const { origin, host } = request.headers
    if (origin !== undefined && origin !== `http://${host}`) {
      throw new GatewayRefusal('15', {
        status: 403,
        vi: 'Yêu cầu từ trang khác.',
        en: 'The request comes from another site.',
      })
    }
    await drain(request, 64 * 1024)
    try {
      await this.acceptLetter(await letter(), request)
    } catch (error) {
      if (!(error instanceof GatewayRefusal)) throw error
      this.log('warn', 'refused', request, '/demonstration/send', error.en, error)
      return this.writePage(response, error.status, `Chưa gửi được. ${error.vi}`)
    }
    response.writeHead(303, { location: '/?sent=1' })
    response.end()
  }

  private async acceptLetter(edxml: Buffer, request: IncomingMessage): Promise<void> {
    const { message } = await readEdxml(edxml, this.holdings.limits).catch((error: unknown) => {
      throw error instanceof EdxmlRefusal ? new GatewayRefusal(error.exchangeCode, error) : error
    })
    const system = this.options.systems.find(({ organCode }) => sameOrgan(organCode, message.from.organId))
    if (!system) throw new GatewayRefusal('19')
    const header = {
      from: message.from.organId,
      servicetype: 'eDoc' as const,
      messagetype: message.kind === 'status' ? ('status' as const) : ('edoc' as const),
    }
    await acceptMessage(this.holdings, system, header, edxml)
    this.log('info', 'accepted', request, '/demonstration/send', system.systemId)
  }

  private log(
    level: NodeLogEntry['level'],
    event: NodeLogEntry['event'],
    request: IncomingMessage,
    path: string,
    detail: string,
    refusal?: GatewayRefusal,
  ): void {
    const entry: NodeLogEntry = { level, event, method: request.method ?? '', path, detail }
    if (refusal) entry.code = refusal.code
    this.options.log?.(entry)
  }
}

/** A page elsewhere whose name is pointed at 127.0.0.1 would otherwise be able to read the node. */
function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '')
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
  response.end(body)
}

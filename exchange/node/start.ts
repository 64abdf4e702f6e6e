/**
 * A gateway of the document exchange on the loopback interface, for demonstrations and tests: it plays the Government
 * Office's side and holds a mailbox per system. It is nobody's real gateway and refuses to listen anywhere else.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EdxmlLimits } from '../edxml/limits.ts'
import { defaultLimits } from '../edxml/limits.ts'
import { readEdxml } from '../edxml/read.ts'
import { EdxmlRefusal } from '../edxml/refusal.ts'
import type { GatewayResult } from '../gateway-protocol.ts'
import { sameOrgan } from '../organ-codes.ts'
import { signatureHeaders } from '../request-signature.ts'
import type { Holdings } from './accept-message.ts'
import { acceptMessage } from './accept-message.ts'
import type { ExchangeSystem } from './agency-directory.ts'
import { AgencyDirectory } from './agency-directory.ts'
import { Authenticator } from './authenticate.ts'
import { drain } from './body.ts'
import { calls, FileAnswer } from './calls.ts'
import { GatewayRefusal } from './gateway-refusal.ts'
import { MessageStore } from './message-store.ts'
import { nodePage, pagePolicy } from './page.ts'

export type { ExchangeSystem } from './agency-directory.ts'

/** One line of the node's log: every refusal and every message taken. Holds no secrets. */
export interface NodeLogEntry {
  level: 'info' | 'warn' | 'error'
  event: 'accepted' | 'refused' | 'failed'
  method: string
  path: string
  code?: string
  detail: string
}

export interface GovernmentNodeOptions {
  /** 0 for any free port. */
  port: number
  /** Made if it is not there; a node started again on it has everything it had. One node per folder. */
  folder: string
  systems: ExchangeSystem[]
  /** Loopback only: `127.0.0.1` (unless said), `::1` or `localhost`. */
  host?: string
  /** Further agencies of the directory; what is sent to them is kept and fetched by nobody. */
  agencies?: { code: string; name: string }[]
  /** Offers the button, and `POST /demonstration/send`, that sends the prepared letter. */
  demonstration?: boolean
  /** The letter as edXML, from an agency of one of the systems; with a new DocumentId each time it is asked for. */
  demonstrationLetter?: () => Promise<Buffer>
  limits?: Partial<EdxmlLimits>
  /** Epoch milliseconds; the machine's clock unless said. */
  now?: () => number
  log?: (entry: NodeLogEntry) => void
}

export interface GovernmentNode {
  url: string
  port: number
  /** Ends running calls and frees the port. The folder is complete after it. */
  close(): Promise<void>
}

/** Starts the node. Throws when the port is taken (`EADDRINUSE`), the folder is unreadable or the host not loopback. */
export async function startGovernmentNode(options: GovernmentNodeOptions): Promise<GovernmentNode> {
  const host = options.host ?? '127.0.0.1'
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`The demonstration node listens on the loopback interface only, not on ${host}`)
  }
  let desk: FrontDesk | null = null
  const server = createServer((request, response) => {
    if (desk) void desk.answer(request, response)
    else response.writeHead(503, { connection: 'close' }).end()
  })
  // The port first: a second start by mistake must fail before it touches the folder of the one that runs.
  await listen(server, options.port, host)
  const holdings = await openFolder(options).catch(async (error: unknown) => {
    await stop(server)
    throw error
  })
  const { messages } = holdings
  desk = new FrontDesk(options, holdings, holdings.authenticator)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    async close() {
      await stop(server)
      await messages.settled()
    },
  }
}

async function openFolder({ folder, systems, agencies = [], limits = {}, now = Date.now }: GovernmentNodeOptions) {
  const directory = await AgencyDirectory.open(folder, systems, agencies, now)
  const messages = await MessageStore.open(folder, now)
  const authenticator = await Authenticator.open(folder, systems, now)
  return { directory, messages, authenticator, limits }
}

class FrontDesk {
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

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Running calls get two seconds. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => server.closeAllConnections(), 2_000)
    server.close((error) => {
      clearTimeout(impatience)
      if (error) reject(error)
      else resolve()
    })
    server.closeIdleConnections()
  })
}

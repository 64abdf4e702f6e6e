import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Certificate } from '../certificates/certificate.ts'
import { signsJustThis } from './order-check.ts'
import type { SigningKey } from '../keys/signing-key.ts'
import { SigningError } from '../signing-error.ts'
import {
  AGENT_PORT,
  AGENT_PROTOCOL,
  agentRequest,
  type AgentAnswer,
  type AgentFault,
  type AgentRequest,
  type DocumentToSign,
} from './protocol.ts'

/** Where the agent's keys are: a token that a PIN opens. */
export interface AgentToken {
  certificates(): Certificate[]
  /** What to warn of before a PIN is typed. */
  warning(): { vi: string; en: string } | undefined
  unlock(pin: string): { key(certificate: Certificate): SigningKey; close(): void }
}

/** The person at this machine. Sees who asks, and what is to be signed, and gives the PIN or refuses. */
export interface Person {
  approve(request: {
    origin: string
    certificate: Certificate
    documents: { name: string; documentDigest: string }[]
    warning?: { vi: string; en: string }
  }): Promise<{ pin: string } | 'refused'>
}

export interface AgentOptions {
  token: () => AgentToken
  person: Person
  /** Origins of the pages that may ask, as `https://imoit.example`. No other page gets an answer. */
  origins: string[]
  port?: number
}

export interface RunningAgent {
  url: string
  close(): Promise<void>
}

const MAX_MESSAGE = 4 * 1024 * 1024
const MAX_NONCES = 10_000

/** Runs the agent on this machine's loopback address. */
export async function runAgent(options: AgentOptions): Promise<RunningAgent> {
  const http = createServer((_, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: MAX_MESSAGE,
    verifyClient: ({ req }: { req: IncomingMessage }) => mayAsk(req, options.origins),
  })
  const nonces = new Set<string>()
  // One person, one token: what several pages ask at once is asked of the person one after another.
  let before: Promise<void> = Promise.resolve()
  sockets.on('connection', (socket, request) => {
    const say = (answer: AgentAnswer) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(answer))
    say({ type: 'hello', protocol: AGENT_PROTOCOL, name: 'iMOIT' })
    socket.on('message', (data) => {
      const asked = parse(data)
      if (!asked || nonces.has(asked.nonce)) {
        say({ type: 'refused', nonce: asked?.nonce, fault: asked ? FAULTS.repeated : FAULTS.malformed })
        return
      }
      if (nonces.size >= MAX_NONCES) nonces.delete(nonces.values().next().value!)
      nonces.add(asked.nonce)
      before = before.then(() => answer(asked, request.headers.origin!, options, say, socket))
    })
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? AGENT_PORT, '127.0.0.1', resolve)
  })
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate()
        sockets.close(() => http.close(() => resolve()))
      }),
  }
}

/** A page of ours, and a name that is this machine's: another name would be a page that re-binds its own. */
function mayAsk(request: IncomingMessage, origins: string[]): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  return (
    ['127.0.0.1', 'localhost'].includes(host) &&
    request.headers.origin !== undefined &&
    origins.includes(request.headers.origin)
  )
}

function parse(data: WebSocket.RawData): AgentRequest | undefined {
  try {
    return agentRequest.parse(JSON.parse((data as Buffer).toString('utf8')))
  } catch {
    // Whatever it is, it is no request of ours; the page is told so.
    return undefined
  }
}

async function answer(
  asked: AgentRequest,
  origin: string,
  options: AgentOptions,
  say: (answer: AgentAnswer) => unknown,
  socket: WebSocket,
): Promise<void> {
  const { nonce } = asked
  try {
    const token = options.token()
    const certificates = token.certificates()
    if (asked.type === 'certificates') {
      const list = certificates.map((one) => one.der.toString('base64'))
      say({ type: 'certificates', nonce, certificates: list, warning: token.warning() })
      return
    }
    const certificate = certificates.find((one) => one.fingerprint === asked.certificate)
    if (!certificate) {
      say({ type: 'refused', nonce, fault: FAULTS.noCertificate })
      return
    }
    const wrong = asked.documents.find((one) => !signsJustThis(one, certificate))
    if (wrong) {
      say({ type: 'refused', nonce, fault: FAULTS.notADocument })
      return
    }
    const agreed = await options.person.approve({
      origin,
      certificate,
      documents: asked.documents.map(({ name, documentDigest }) => ({ name, documentDigest })),
      warning: token.warning(),
    })
    if (agreed === 'refused' || socket.readyState !== socket.OPEN) {
      say({ type: 'refused', nonce, fault: FAULTS.refused })
      return
    }
    await signAll(asked.documents, nonce, token.unlock(agreed.pin), certificate, say)
  } catch (error) {
    say({ type: 'refused', nonce, fault: faultOf(error) })
  }
}

async function signAll(
  documents: DocumentToSign[],
  nonce: string,
  session: ReturnType<AgentToken['unlock']>,
  certificate: Certificate,
  say: (answer: AgentAnswer) => unknown,
): Promise<void> {
  let signed = 0
  try {
    const key = session.key(certificate)
    for (const one of documents) {
      try {
        const value = await key.sign({
          documentName: one.name,
          documentDigest: one.documentDigest,
          digestAlgorithm: one.digestAlgorithm,
          toBeSigned: Buffer.from(one.toBeSigned, 'base64'),
        })
        say({ type: 'signed', nonce, id: one.id, value: Buffer.from(value).toString('base64') })
        signed++
      } catch (error) {
        say({ type: 'failed', nonce, id: one.id, fault: faultOf(error) })
      }
    }
  } finally {
    session.close()
  }
  say({ type: 'done', nonce, signed, failed: documents.length - signed })
}

function faultOf(error: unknown): AgentFault {
  if (error instanceof SigningError) return { code: error.code, vi: error.vi, en: error.en }
  return {
    code: 'agent-failed',
    vi: 'Chương trình ký trên máy gặp lỗi. Chưa có gì được ghi vào tài liệu; hãy mở lại chương trình rồi thử lại.',
    en: 'The signing program on this machine failed. Nothing was written into the document; start it again and retry.',
  }
}

const FAULTS = {
  malformed: {
    code: 'request-malformed',
    vi: 'Chương trình ký không hiểu yêu cầu; hãy tải lại trang hoặc cập nhật chương trình ký.',
    en: 'The signing program does not understand the request; reload the page or update the program.',
  },
  repeated: {
    code: 'request-repeated',
    vi: 'Yêu cầu ký này đã được dùng một lần nên bị từ chối. Chưa ký gì thêm; hãy bấm ký lại.',
    en: 'This request has been used once and is refused. Nothing more was signed; press sign again.',
  },
  noCertificate: {
    code: 'certificate-missing',
    vi: 'Thiết bị đang cắm không có chứng thư được chọn. Chưa ký gì; hãy cắm đúng thiết bị.',
    en: 'The token that is plugged in does not hold the chosen certificate. Nothing was signed; plug in the right one.',
  },
  notADocument: {
    code: 'not-a-document',
    vi: 'Yêu cầu không phải là chữ ký trên tài liệu có tên đó nên bị từ chối. Chưa ký gì; hãy báo quản trị.',
    en: 'The request is not a signature on the document that it names, and is refused. Nothing was signed; tell an administrator.',
  },
  refused: {
    code: 'refused',
    vi: 'Người ký đã từ chối trên máy của mình. Chưa ký gì.',
    en: 'The signer refused on their machine. Nothing was signed.',
  },
} satisfies Record<string, AgentFault>

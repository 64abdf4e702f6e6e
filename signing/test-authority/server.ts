import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestAuthority } from './test-authority.ts'

export interface TestAuthorityServer {
  ocspUrl: string
  timeStampUrl: string
  crlUrl: string
  rootCrlUrl: string
  close: () => Promise<void>
}

const MAX_REQUEST = 64 * 1024

/** Serves an authority's answers over HTTP on this machine alone. Port 0 takes a free one. */
export async function serveTestAuthority(authority: TestAuthority, port = 0): Promise<TestAuthorityServer> {
  const routes: Record<string, [type: string, answer: (body: Buffer) => Buffer]> = {
    'POST /ocsp': ['application/ocsp-response', (body) => authority.answerOcsp(body)],
    'POST /tsa': ['application/timestamp-reply', (body) => authority.answerTimeStamp(body)],
    'GET /issuing.crl': ['application/pkix-crl', () => authority.crl()],
    'GET /root.crl': ['application/pkix-crl', () => authority.rootCrl()],
  }
  const server = createServer((request, response) => {
    const route = routes[`${request.method} ${request.url}`]
    if (!route) {
      response.writeHead(404).end()
      return
    }
    const [type, answer] = route
    bodyOf(request).then(
      (body) => response.writeHead(200, { 'content-type': type }).end(answer(body)),
      () => response.writeHead(413).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ocspUrl: `${base}/ocsp`,
    timeStampUrl: `${base}/tsa`,
    crlUrl: `${base}/issuing.crl`,
    rootCrlUrl: `${base}/root.crl`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_REQUEST) throw new Error('the request is longer than any question')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

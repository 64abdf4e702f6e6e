import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createGatewayClient } from './client.ts'
import { ExchangeUnavailable } from './gateway-errors.ts'

describe('the client with a gateway that misbehaves', () => {
  const against = async (answer: { status: number; body: string } | 'silence', timeoutMs = 30_000) => {
    const server = createServer((_, response) => {
      if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = address && typeof address === 'object' ? address.port : 0
    const error = await createGatewayClient({
      baseUrl: `http://127.0.0.1:${port}/gateway/`,
      systemId: 'imoit',
      secret: 'secret',
      organCode: '000.00.00.G02',
      timeoutMs,
    })
      .listReceived()
      .catch((caught: unknown) => caught)
    server.closeAllConnections()
    server.close()
    return error
  }

  it('repeats later what may pass, and gives up on what will not', async () => {
    const result = (ErrorCode: string) => JSON.stringify({ status: 'FAIL', ErrorCode, ErrorDesc: 'lỗi', data: null })
    expect(await against({ status: 502, body: 'Bad Gateway' })).toBeInstanceOf(ExchangeUnavailable)
    expect(await against({ status: 429, body: '' })).toBeInstanceOf(ExchangeUnavailable)
    expect(await against({ status: 200, body: '<html>' })).toBeInstanceOf(ExchangeUnavailable)
    expect(await against({ status: 200, body: result('20') })).toBeInstanceOf(ExchangeUnavailable)
    expect(await against({ status: 404, body: 'nginx' })).toMatchObject({ name: 'ExchangeRefused', code: 'unexpected' })
    for (const code of ['10', '15', '18', '19', '21', '22', '23']) {
      expect(await against({ status: 200, body: result(code) })).toMatchObject({
        name: 'ExchangeRefused',
        code,
        vi: 'lỗi',
      })
    }
    expect(await against('silence', 50)).toMatchObject({ name: 'ExchangeUnavailable', message: 'timeout' })
  })
})

import type { AddressInfo } from 'node:net'
import { request as send, type Server } from 'node:http'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseCrossSite } from './cross-site.ts'
import { serverTiming } from './server-timing.ts'

let server: Server
let port = 0

beforeAll(async () => {
  const app = express()
  app.use(serverTiming)
  app.use(refuseCrossSite('https://imoit.example'))
  app.all('*', (_request, response) => response.send('done'))
  await new Promise<void>((ready) => (server = app.listen(0, '127.0.0.1', ready)))
  port = (server.address() as AddressInfo).port
})

afterAll(() => new Promise((closed) => server.close(closed)))

/** Plain HTTP: fetch would set or refuse some of these headers by itself. */
function ask(method: string, headers: Record<string, string>): Promise<{ status: number; timing: string }> {
  return new Promise((resolve, reject) => {
    const asked = send({ host: '127.0.0.1', port, path: '/', method, headers, agent: false }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, timing: String(response.headers['server-timing']) })
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('a change asked for', () => {
  it.each([
    ['by a page of ours', { 'sec-fetch-site': 'same-origin' }, 200],
    ['by another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['by a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['by another site, in a browser without Sec-Fetch', { origin: 'https://elsewhere.example' }, 403],
    ['from the address people know, behind a proxy', { origin: 'https://imoit.example' }, 200],
    ['from a page without an origin', { origin: 'null' }, 403],
    ['by something that does not say from where', {}, 403],
  ])('%s', async (_who, headers, status) => {
    expect((await ask('POST', headers)).status).toBe(status)
  })

  it('from the same host in a browser without Sec-Fetch is carried out', async () => {
    expect((await ask('POST', { origin: `http://127.0.0.1:${port}` })).status).toBe(200)
  })
})

describe('a page', () => {
  it('may be opened from anywhere, and tells how long the server took', async () => {
    const answer = await ask('GET', { 'sec-fetch-site': 'cross-site' })
    expect(answer.status).toBe(200)
    expect(answer.timing).toMatch(/^total;dur=[\d.]+, db;dur=0\.0;desc="0 queries"$/)
  })
})

import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import yazl from 'yazl'
import type { GatewayClientOptions } from '../client.ts'
import { createGatewayClient } from '../client.ts'
import { governmentOffice, letter, ministry, status } from '../edxml/sample.fixture.ts'
import { readEdxml } from '../edxml/read.ts'
import { writeEdxml } from '../edxml/write.ts'
import { ExchangeRefused, ExchangeUnavailable } from '../gateway-errors.ts'
import { newNonce, requestTimestamp, sha256Hex, signatureHeaders, signatureOf } from '../request-signature.ts'
import type { GovernmentNode, GovernmentNodeOptions, NodeLogEntry } from './start.ts'
import { startGovernmentNode } from './start.ts'

const office = {
  systemId: 'vpcp',
  secret: 'secret of the office',
  organCode: governmentOffice,
  name: 'VPCP (trình diễn)',
}
const moit = { systemId: 'imoit', secret: 'secret of the ministry', organCode: ministry, name: 'Bộ Công Thương' }

let folder: string
let node: GovernmentNode
let log: NodeLogEntry[]

const start = (over: Partial<GovernmentNodeOptions> = {}) =>
  startGovernmentNode({ port: 0, folder, systems: [office, moit], log: (entry) => log.push(entry), ...over })
const client = (system: typeof office, over: Partial<GatewayClientOptions> = {}) =>
  createGatewayClient({ baseUrl: node.url, ...system, ...over })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exchange-node-'))
  log = []
  node = await start()
})
afterEach(async () => {
  await node.close()
  await rm(folder, { recursive: true })
})

/** A call signed by hand, so that single parts can be spoilt. */
function signed(method: string, target: string, over: Partial<Record<string, string>> = {}, content = '') {
  const parts = {
    method,
    target,
    systemId: moit.systemId,
    timestamp: requestTimestamp(Date.now()),
    nonce: newNonce(),
    header: '',
    contentSha256: sha256Hex(content),
    ...over,
  }
  const headers: Record<string, string> = {
    [signatureHeaders.systemId]: parts.systemId,
    [signatureHeaders.timestamp]: parts.timestamp,
    [signatureHeaders.nonce]: parts.nonce,
    [signatureHeaders.contentSha256]: parts.contentSha256,
    [signatureHeaders.signature]: signatureOf(over.secret ?? moit.secret, parts),
  }
  if (parts.header) headers[signatureHeaders.header] = parts.header
  return headers
}
const errorCode = async (response: Response) => ((await response.json()) as { ErrorCode: string }).ErrorCode
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe('a letter and its statuses', () => {
  it('goes to the ministry, is fetched and acknowledged, and the statuses come back', async () => {
    const edxml = await writeEdxml(letter())
    const { docId } = await client(office).send(edxml, { messageType: 'edoc' })

    const waiting = await client(moit).listReceived()
    expect(waiting).toMatchObject([
      { docId, from: governmentOffice, to: [ministry], messageType: 'edoc', status: 'initial' },
    ])
    const bytes = await client(moit).download(docId)
    expect(bytes.equals(edxml)).toBe(true)
    await client(moit).acknowledge(docId, 'processing')
    expect(await client(moit).listReceived()).toMatchObject([{ status: 'processing' }])
    await client(moit).acknowledge(docId, 'done')
    expect(await client(moit).listReceived()).toEqual([])

    for (const statusCode of ['01', '03'] as const) {
      await client(moit).send(await writeEdxml(status({ statusCode })), { messageType: 'status', to: governmentOffice })
    }
    const [sent] = await client(office).listSent({ documentId: waiting[0]?.documentId })
    expect(sent).toMatchObject({ docId, deliveries: [{ organId: ministry, status: 'done' }] })
    expect(sent?.statuses.map((one) => [one.statusCode, one.from])).toEqual([
      ['01', ministry],
      ['03', ministry],
    ])
    const answers = await client(office).listReceived({ messageType: 'status' })
    const messages = await Promise.all(answers.map(async (one) => readEdxml(await client(office).download(one.docId))))
    expect(messages.map(({ message }) => message.kind === 'status' && message.statusCode)).toEqual(['01', '03'])
    expect(await client(office).listReceived({ messageType: 'edoc' })).toEqual([])
  })

  it('stores a repeat once and acknowledges it again, also when both come at the same time', async () => {
    const edxml = await writeEdxml(letter())
    const answers = await Promise.all([1, 2, 3].map(() => client(office).send(edxml, { messageType: 'edoc' })))
    answers.push(await client(office).send(edxml, { messageType: 'edoc' }))
    expect(new Set(answers.map(({ docId }) => docId)).size).toBe(1)
    expect(await client(moit).listReceived()).toHaveLength(1)
    const word = await writeEdxml(status())
    await client(moit).send(word, { messageType: 'status' })
    await client(moit).send(word, { messageType: 'status' })
    expect(await client(office).listReceived()).toHaveLength(1)
  })

  it('delivers to one of several receivers at a time where the sender says so', async () => {
    await client(office).agencies()
    const edxml = await writeEdxml(letter({ to: [{ organId: ministry }, { organId: 'G22' }] }))
    const first = await client(office).send(edxml, { messageType: 'edoc', to: ministry })
    expect(await client(office).listReceived()).toHaveLength(0)
    const second = await client(office).send(edxml, { messageType: 'edoc', to: ['G22'] })
    expect(second.docId).toBe(first.docId)
    expect(await client(office).listReceived()).toMatchObject([{ to: [governmentOffice], status: 'initial' }])
    const refused = await failure(client(office).send(edxml, { messageType: 'edoc', to: 'G14' }))
    expect(refused).toMatchObject({ name: 'ExchangeRefused', code: '22' })
  })

  it('is still there when the node was down and comes back on the same port', async () => {
    const { docId } = await client(office).send(await writeEdxml(letter()), { messageType: 'edoc' })
    await client(moit).acknowledge(docId, 'processing')
    await node.close()
    const down = await failure(client(moit).listReceived())
    expect(down).toBeInstanceOf(ExchangeUnavailable)
    expect(down).toMatchObject({ retryable: true, status: 503 })
    node = await start({ port: node.port })
    expect(await client(moit).listReceived()).toMatchObject([{ docId, status: 'processing' }])
    expect(await client(office).send(await writeEdxml(letter()), { messageType: 'edoc' })).toEqual({ docId })
    expect((await readdir(join(folder, 'messages'))).sort()).toEqual([`${docId}.edxml`, `${docId}.json`])
  })

  it('says so when its port is taken or a record damaged', async () => {
    await expect(start({ port: node.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow(/loopback/)
    await writeFile(join(folder, 'messages', 'x.json'), '{')
    await expect(start()).rejects.toThrow(/x\.json/)
  })
})

describe('calls that are refused', () => {
  it('wrong secret and unknown system: 15', async () => {
    const wrong = client(moit, { secret: 'guess' })
    expect(await failure(wrong.listReceived())).toMatchObject({ name: 'ExchangeRefused', code: '15', status: 401 })
    expect(await failure(wrong.send(await writeEdxml(letter()), { messageType: 'edoc' }))).toMatchObject({ code: '15' })
    expect(await failure(client(moit, { systemId: 'nobody' }).listReceived())).toMatchObject({ code: '15' })
    expect(await errorCode(await fetch(`${node.url}/getReceivedEdocList`))).toBe('15')
    expect(log.filter((entry) => entry.code === '15')).toHaveLength(4)
    expect(JSON.stringify(log)).not.toContain('secret of')
  })

  it('the wrong secret with a file of many megabytes gets an answer, not a broken connection', async () => {
    const edxml = Buffer.alloc(30 * 1024 * 1024, 'x')
    const refused = await failure(client(moit, { secret: 'guess' }).send(edxml, { messageType: 'edoc' }))
    expect(refused).toMatchObject({ code: '15' })
  })

  it('a call made twice, also after a restart; one from ten minutes ago; one with its time rewritten', async () => {
    const headers = signed('GET', '/countReceiveEdoc')
    expect((await fetch(`${node.url}/countReceiveEdoc`, { headers })).status).toBe(200)
    expect((await fetch(`${node.url}/countReceiveEdoc`, { headers })).status).toBe(401)
    await node.close()
    node = await start({ port: node.port })
    expect((await fetch(`${node.url}/countReceiveEdoc`, { headers })).status).toBe(401)

    for (const off of [-10, 10]) {
      const timestamp = requestTimestamp(Date.now() + off * 60_000)
      const late = await fetch(`${node.url}/countReceiveEdoc`, {
        headers: signed('GET', '/countReceiveEdoc', { timestamp }),
      })
      expect(late.status).toBe(401)
    }
    const rewritten = { ...headers, [signatureHeaders.timestamp]: requestTimestamp(Date.now() + 1_000) }
    expect((await fetch(`${node.url}/countReceiveEdoc`, { headers: rewritten })).status).toBe(401)
  })

  it('a signature made for another call, query or content', async () => {
    const target = '/getReceivedEdocList?limit=1'
    expect((await fetch(node.url + target, { headers: signed('GET', target) })).status).toBe(200)
    const other = await fetch(`${node.url}/getReceivedEdocList?limit=2`, { headers: signed('GET', target) })
    expect(await errorCode(other)).toBe('15')
    const headers = signed('POST', '/updateStatus', {}, '{"docId":"a","status":"done"}')
    const swapped = await fetch(`${node.url}/updateStatus`, {
      method: 'POST',
      headers,
      body: '{"docId":"b","status":"done"}',
    })
    expect(await errorCode(swapped)).toBe('15')
  })

  it('an unknown receiver: 18; a sender that is another: 19; a locked receiver: 23', async () => {
    const send = async (system: typeof office, over: Parameters<typeof letter>[0]) =>
      failure(client(system).send(await writeEdxml(letter(over)), { messageType: 'edoc' }))
    const stranger = await send(office, { to: [{ organId: ministry }, { organId: '000.00.00.H99' }] })
    expect(stranger).toBeInstanceOf(ExchangeRefused)
    expect(stranger).toMatchObject({ code: '18', retryable: false })
    expect((stranger as ExchangeRefused).vi).toContain('000.00.00.H99')
    expect(await client(moit).listReceived()).toEqual([])
    expect(await send(moit, {})).toMatchObject({ code: '19' })
    expect(await send({ ...moit, organCode: governmentOffice }, {})).toMatchObject({ code: '19' })

    const register = async (path: string, body: object) => {
      const content = JSON.stringify(body)
      return fetch(node.url + path, { method: 'POST', headers: signed('POST', path, {}, content), body: content })
    }
    expect((await register('/registerAgency', { code: 'G02.01', name: 'Cục XNK', pcode: 'G02' })).status).toBe(200)
    expect(await send(office, { to: [{ organId: 'G02.01' }] })).toBeNull()
    expect(await client(moit).listReceived()).toMatchObject([{ to: ['G02.01'] }])
    expect((await register('/deleteAgency', { code: 'G02.01' })).status).toBe(200)
    expect(await send(office, { documentId: 'another', to: [{ organId: 'G02.01' }] })).toMatchObject({ code: '23' })
    expect(await errorCode(await register('/deleteAgency', { code: 'G22' }))).toBe('15')
    expect(await errorCode(await register('/registerAgency', { code: 'G22', name: 'x' }))).toBe('15')
    expect(await errorCode(await register('/registerAgency', { code: '../..', name: 'x' }))).toBe('10')
  })

  it.each([
    ['malformed XML', '<edXML', '22'],
    ['a DTD', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', '22'],
    ['a wrong namespace', '<edXML xmlns="urn:other"/>', '22'],
    ['an external DTD', '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>', '22'],
    ['an empty file', '', '22'],
  ])('%s: error %s, nothing stored, a line in the log', async (_, text, code) => {
    expect(await failure(client(office).send(Buffer.from(text), { messageType: 'edoc' }))).toMatchObject({ code })
    expect(await readdir(join(folder, 'messages'))).toEqual([])
    expect(log.at(-1)).toMatchObject({ event: 'refused', path: '/sendEdoc', code })
  })

  it('a climbing attachment name: 21; a status sent as a document: 22; a file over the limit: 10', async () => {
    const climbing = (await writeEdxml(letter())).toString().replaceAll('AttachmentName>Công', 'AttachmentName>../Công')
    expect(await failure(client(office).send(Buffer.from(climbing), { messageType: 'edoc' }))).toMatchObject({
      code: '21',
    })
    const word = await writeEdxml(status())
    expect(await failure(client(moit).send(word, { messageType: 'edoc' }))).toMatchObject({ code: '22' })
    await node.close()
    node = await start({ limits: { messageBytes: 1_000 } })
    const large = client(office).send(Buffer.alloc(1_500, 'x'), { messageType: 'edoc' })
    expect(await failure(large)).toMatchObject({ code: '10', status: 413 })
  })

  it('no document id, a ZIP that unpacks to gigabytes, an attachment over the limit: refused, nothing stored', async () => {
    const text = (await writeEdxml(letter())).toString()
    // Five times the limit; it is read no further than that, however much would follow.
    const bomb = await packed('a.pdf', 256 * 1024 * 1024)
    const spoilt: [string, string][] = [
      [text.replace(/<edXML:DocumentId>.*?<\/edXML:DocumentId>/, ''), '22'],
      [text.replace(/(?<=<ContentTransferEncoded>)[^<]*/, bomb.toString('base64')), '21'],
    ]
    for (const [message, code] of spoilt) {
      const error = await failure(client(office).send(Buffer.from(message), { messageType: 'edoc' }))
      expect(error).toMatchObject({ code, vi: expect.any(String) as string, en: expect.any(String) as string })
      expect(await readdir(join(folder, 'messages'))).toEqual([])
      expect(log.at(-1)).toMatchObject({ event: 'refused', code })
    }
    await node.close()
    node = await start({ limits: { attachmentBytes: 1_000 } })
    const attachments = [{ contentId: 'a', name: 'a.pdf', content: Buffer.alloc(2_000, 1) }]
    const large = client(office).send(await writeEdxml(letter({ attachments })), { messageType: 'edoc' })
    expect(await failure(large)).toMatchObject({ code: '21', status: 413 })
    expect(await readdir(join(folder, 'messages'))).toEqual([])
  })

  it('files of others: not listed, not downloaded, not acknowledged', async () => {
    const third = { systemId: 'third', secret: 'third', organCode: '000.00.00.G14', name: 'Bộ khác' }
    await node.close()
    node = await start({ systems: [office, moit, third] })
    const { docId } = await client(office).send(await writeEdxml(letter()), { messageType: 'edoc' })
    expect(await client(third).listReceived()).toEqual([])
    expect(await failure(client(third).download(docId))).toMatchObject({ code: '21', status: 404 })
    expect(await failure(client(third).acknowledge(docId, 'done'))).toMatchObject({ code: '21' })
    expect(await failure(client(office).acknowledge(docId, 'done'))).toMatchObject({ code: '15' })
    expect(await failure(client(moit).download('../../nonces'))).toMatchObject({ code: '21' })
  })

  it('an unknown path, a wrong method, bad parameters', async () => {
    expect((await fetch(`${node.url}/nothing`)).status).toBe(404)
    expect((await fetch(`${node.url}/constructor`)).status).toBe(404)
    expect((await fetch(`${node.url}/sendEdoc`)).status).toBe(405)
    const target = '/getReceivedEdocList?limit=all'
    expect(await errorCode(await fetch(node.url + target, { headers: signed('GET', target) }))).toBe('10')
  })
})

describe('the other ways in', () => {
  it('takes a multipart form as well as the bare file', async () => {
    const edxml = await writeEdxml(letter())
    const header = JSON.stringify({ from: governmentOffice, servicetype: 'eDoc', messagetype: 'edoc' })
    const contentSha256 = sha256Hex(edxml)
    const upload = async (form: FormData) => {
      const headers = signed('POST', '/sendEdoc', {
        systemId: office.systemId,
        secret: office.secret,
        header,
        contentSha256,
      })
      return fetch(`${node.url}/sendEdoc`, { method: 'POST', headers, body: form })
    }
    const form = new FormData()
    form.set('messageType', 'edoc')
    form.set('file', new Blob([new Uint8Array(edxml)]), 'thu.edxml')
    expect((await upload(form)).status).toBe(200)
    expect(await errorCode(await upload(new FormData()))).toBe('10')
    form.append('file2', new Blob(['x']), 'b.edxml')
    expect(await errorCode(await upload(form))).toBe('10')
  })

  it('answers every listed call', async () => {
    const edxml = await writeEdxml(letter())
    const { docId } = await client(office).send(edxml, { messageType: 'edoc' })
    const get = async (target: string) => {
      const response = await fetch(node.url + target, { headers: signed('GET', target) })
      const result = (await response.json()) as { status: string; ErrorCode: string; data: unknown }
      expect(result).toMatchObject({ status: 'OK', ErrorCode: '0', ErrorDesc: '' })
      return result.data
    }
    expect(await get('/countReceiveEdoc')).toEqual({ count: 1 })
    expect(await get('/countReceiveStatus')).toEqual({ count: 0 })
    expect(await get('/getSentEdocList')).toEqual([])
    expect(await get(`/getEdoc?docId=${docId}`)).toMatchObject({ id: docId, edoc: edxml.toString('base64') })
    expect(await get('/getAgenciesList')).toMatchObject([{ code: governmentOffice }, { code: ministry }])
    expect(await get('/getAgenciesListQD20')).toMatchObject([{ code: 'G22' }, { code: 'G02' }])
    expect(await get('/getSynchronizeUnit?since=2999-01-01')).toEqual([])
    expect((await client(moit).agencies()).map((agency) => agency.name)).toContain('Bộ Công Thương')
  })
})

describe('the page', () => {
  it('says that it is a demonstration and shows what it holds, harmlessly', async () => {
    await client(office).send(await writeEdxml(letter({ subject: 'V/v <script>alert(1)</script>' })), {
      messageType: 'edoc',
    })
    await client(moit).send(await writeEdxml(status({ statusCode: '03' })), { messageType: 'status' })
    const response = await fetch(node.url)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await response.text()
    expect(html).toContain('TRÌNH DIỄN')
    expect(html).toContain('7816/VPCP-KSTT')
    expect(html).toContain('03 Đã tiếp nhận, vào sổ')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('/demonstration/send')
    expect((await fetch(`${node.url}/demonstration/send`, { method: 'POST' })).status).toBe(404)
  })

  it('sends the prepared letter at the press of its button, but not for another site', async () => {
    await node.close()
    let count = 0
    node = await start({
      demonstration: true,
      demonstrationLetter: () => writeEdxml(letter({ documentId: `letter-${(count += 1)}` })),
    })
    const press = (headers: Record<string, string>) =>
      fetch(`${node.url}/demonstration/send`, { method: 'POST', redirect: 'manual', headers })
    expect(await (await fetch(node.url)).text()).toContain('Gửi văn bản trình diễn')
    expect((await press({ origin: 'https://example.invalid' })).status).toBe(403)
    expect(await client(moit).listReceived()).toHaveLength(0)
    expect((await press({ origin: node.url })).headers.get('location')).toBe('/?sent=1')
    expect((await press({})).status).toBe(303)
    expect((await client(moit).listReceived()).map((one) => one.documentId)).toEqual(['letter-1', 'letter-2'])
  })

  it('says in the page why the prepared letter was not sent', async () => {
    await node.close()
    const demonstrationLetter = () => writeEdxml(letter({ to: [{ organId: 'H99' }] }))
    node = await start({ demonstration: true, demonstrationLetter })
    const response = await fetch(`${node.url}/demonstration/send`, { method: 'POST' })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('Chưa gửi được. Đơn vị nhận H99')
  })
})

it('keeps its files to its owner', async () => {
  const { docId } = await client(office).send(await writeEdxml(letter()), { messageType: 'edoc' })
  for (const name of ['nonces.log', 'messages', `messages/${docId}.edxml`, `messages/${docId}.json`]) {
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
  }
})

/** A ZIP of one file of so many zeros. */
async function packed(name: string, bytes: number): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  const piece = Buffer.alloc(1024 * 1024)
  const zeros = Readable.from(
    (function* () {
      for (let left = bytes; left > 0; left -= piece.length) yield piece
    })(),
  )
  zip.addReadStream(zeros, name, { compressionLevel: 1 })
  zip.end()
  return buffer(zip.outputStream as unknown as AsyncIterable<Buffer>)
}

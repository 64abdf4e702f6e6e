import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { embed } from '../embed.ts'
import { gatherEvidence } from '../evidence.ts'
import { Token } from '../keys/pkcs11.ts'
import { makeSoftwareToken, softHsmLibrary, type SoftwareToken } from '../keys/software-token.ts'
import { prepare } from '../prepare.ts'
import { acceptSignature, orderOf } from '../sign.ts'
import { LETTERS, openOffice, type Office } from '../signing.fixture.ts'
import type { KeyedCertificate } from '../test-authority/test-authority.ts'
import { verifyPdf } from '../verify/verify-pdf.ts'
import { embedXml, prepareXml, xmlOrder } from '../xml/sign-xml.ts'
import { verifyXml } from '../xml/verify-xml.ts'
import { runAgent, type AgentToken, type Person, type RunningAgent } from './agent.ts'
import { AgentClient, type SignedOne } from './agent-client.ts'
import type { DocumentToSign } from './protocol.ts'

const ORIGIN = 'https://imoit.example'
const nonce = () => randomBytes(16).toString('hex')

let office: Office
let who: KeyedCertificate
let folder: string
let made: SoftwareToken
let agent: RunningAgent | undefined

const withToken = describe.skipIf(!softHsmLibrary())

withToken('the agent on the signer’s machine (skipped where SoftHSM2 is not installed)', () => {
  beforeAll(async () => {
    office = await openOffice()
    who = office.authority.issueWithKey({ commonName: 'TEST Nguyễn Văn An' })
    folder = await mkdtemp(path.join(tmpdir(), 'imoit-agent-'))
    made = await makeSoftwareToken(folder, 'imoit-agent', '123456', [who])
  })
  afterEach(async () => {
    await agent?.close()
    agent = undefined
  })
  afterAll(async () => {
    await office.close()
    await rm(folder, { recursive: true, force: true })
  })

  const token = (): AgentToken => {
    const opened = Token.open({ library: made.library, label: made.label })
    return {
      certificates: () => opened.certificates(),
      warning: () => undefined,
      unlock: (pin) => opened.unlock(pin),
    }
  }
  const agreeing: Person = { approve: () => Promise.resolve({ pin: made.pin }) }

  async function start(person: Person): Promise<AgentClient> {
    agent = await runAgent({ token, person, origins: [ORIGIN], port: 0 })
    return AgentClient.connect(new WebSocket(agent.url, { origin: ORIGIN }))
  }

  function letter() {
    const request = {
      certificate: who.certificate,
      chain: [office.authority.issuing.certificate],
      level: 'T' as const,
      role: 'person' as const,
      at: new Date(),
    }
    return prepare(LETTERS.tagged(), request)
  }

  function toSign(id: string, prepared: ReturnType<typeof letter>['prepared']): DocumentToSign {
    const order = orderOf(prepared, `Công văn ${id}.pdf`)
    return {
      id,
      name: order.documentName,
      documentDigest: order.documentDigest,
      digestAlgorithm: order.digestAlgorithm,
      toBeSigned: Buffer.from(order.toBeSigned).toString('base64'),
    }
  }

  it('shows the person what is asked, signs a list with one PIN, and the documents are valid', async () => {
    const shown: string[] = []
    const client = await start({
      approve: ({ origin, documents }) => {
        shown.push(origin, ...documents.map((one) => one.name))
        return Promise.resolve({ pin: made.pin })
      },
    })
    const { certificates } = await client.certificates(nonce())
    expect(certificates).toEqual([who.certificate.der.toString('base64')])
    const letters = [letter(), letter(), letter()]
    const values = new Map<string, SignedOne>()
    const documents = letters.map(({ prepared }, index) => toSign(String(index), prepared))
    const done = await client.sign(nonce(), who.certificate.fingerprint, documents, (one) => values.set(one.id, one))
    expect(done).toEqual({ signed: 3, failed: 0 })
    expect(shown).toEqual([ORIGIN, 'Công văn 0.pdf', 'Công văn 1.pdf', 'Công văn 2.pdf'])
    for (const [index, { bytes, prepared }] of letters.entries()) {
      const value = acceptSignature(prepared, Buffer.from(values.get(String(index))!.value!, 'base64'))
      const signed = embed(bytes, prepared, await gatherEvidence(prepared, value, office.services))
      expect((await verifyPdf(signed, office.services)).verdict).toBe('valid')
    }
    client.close()
  })

  it('signs an XML message as it signs a PDF, and no other SignedInfo than one of the whole message', async () => {
    const client = await start(agreeing)
    const prepared = prepareXml('<edXML><edXMLHeader/><body>Báo cáo</body></edXML>', who.certificate)
    const { documentName, toBeSigned, ...order } = xmlOrder(prepared, 'Thông điệp.xml')
    const asked = { ...order, id: '1', name: documentName, toBeSigned: Buffer.from(toBeSigned).toString('base64') }
    const values: SignedOne[] = []
    await client.sign(nonce(), who.certificate.fingerprint, [asked], (one) => values.push(one))
    const signed = embedXml(prepared, Buffer.from(values[0]!.value!, 'base64'))
    expect((await verifyXml(signed, office.services)).verdict).toBe('valid')
    const part = Buffer.from(toBeSigned).toString().replace('URI=""', 'URI="#part"')
    const narrower = { ...asked, toBeSigned: Buffer.from(part).toString('base64') }
    await expect(client.sign(nonce(), who.certificate.fingerprint, [narrower])).rejects.toMatchObject({
      code: 'not-a-document',
    })
    client.close()
  })

  it('signs nothing when the person refuses or types a wrong PIN', async () => {
    const answers: Awaited<ReturnType<Person['approve']>>[] = ['refused', { pin: '000000' }]
    const client = await start({ approve: () => Promise.resolve(answers.shift()!) })
    const ask = () => client.sign(nonce(), who.certificate.fingerprint, [toSign('1', letter().prepared)])
    await expect(ask()).rejects.toMatchObject({ code: 'refused' })
    await expect(ask()).rejects.toMatchObject({ code: 'pin-wrong', vi: expect.stringContaining('Mã PIN') as string })
    client.close()
  })

  it('takes one nonce once', async () => {
    const client = await start(agreeing)
    const once = nonce()
    const document = toSign('1', letter().prepared)
    await client.sign(once, who.certificate.fingerprint, [document])
    await expect(client.sign(once, who.certificate.fingerprint, [document])).rejects.toMatchObject({
      code: 'request-repeated',
    })
    client.close()
  })

  it('signs only what it shows: not another digest, not any bytes', async () => {
    let asked = 0
    const client = await start({
      approve: () => {
        asked++
        return Promise.resolve({ pin: made.pin })
      },
    })
    const [one, two] = [toSign('1', letter().prepared), toSign('2', letter().prepared)]
    for (const wrong of [
      { ...one, toBeSigned: Buffer.from('chuyển 5 tỷ').toString('base64') },
      { ...one, documentDigest: 'ab'.repeat(32) },
    ])
      await expect(client.sign(nonce(), who.certificate.fingerprint, [two, wrong])).rejects.toMatchObject({
        code: 'not-a-document',
      })
    await expect(client.sign(nonce(), 'cd'.repeat(32), [one])).rejects.toMatchObject({ code: 'certificate-missing' })
    await expect(client.sign('short', who.certificate.fingerprint, [one])).rejects.toMatchObject({
      code: 'request-malformed',
    })
    expect(asked).toBe(0)
  })

  it('answers no page but ours, and says clearly when it is not there', async () => {
    agent = await runAgent({ token, person: agreeing, origins: [ORIGIN], port: 0 })
    for (const origin of ['https://elsewhere.example', 'null', undefined])
      await expect(AgentClient.connect(new WebSocket(agent.url, { origin }))).rejects.toMatchObject({
        code: 'agent-not-running',
      })
    const rebound = new WebSocket(agent.url, { origin: ORIGIN, headers: { host: 'imoit.example' } })
    await expect(AgentClient.connect(rebound)).rejects.toMatchObject({ code: 'agent-not-running' })
    const { url } = agent
    await agent.close()
    agent = undefined
    await expect(AgentClient.connect(new WebSocket(url, { origin: ORIGIN }))).rejects.toMatchObject({
      code: 'agent-not-running',
      vi: expect.stringContaining('Hãy mở chương trình ký') as string,
    })
  })

  it('that is killed in the middle of a list leaves what was signed and says so', async () => {
    let approve: (() => void) | undefined
    const client = await start({
      approve: () => new Promise((resolve) => (approve = () => resolve({ pin: made.pin }))),
    })
    const asked = client.sign(nonce(), who.certificate.fingerprint, [toSign('1', letter().prepared)])
    const failed = expect(asked).rejects.toMatchObject({ code: 'agent-gone' })
    await expect.poll(() => approve !== undefined).toBe(true)
    await agent!.close()
    agent = undefined
    approve!()
    await failed
  })
})

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GatewayClient, ReceivedMessage } from '#exchange/client.ts'
import { governmentOffice, letter, ministry as ministryCode, status } from '#exchange/edxml/sample.fixture.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { ExchangeUnavailable } from '#exchange/gateway-errors.ts'
import { until } from '#test/fixtures/until.ts'
import { pollOnce, startExchangePoll, type Trials } from './exchange-poll.ts'
import { createLog } from './log.ts'
import { createMinistry, type Ministry } from './ministry.fixture.ts'

let ministry: Ministry
const log = createLog('test', 'silent')
beforeAll(async () => {
  ministry = await createMinistry()
})
afterAll(() => ministry?.close())

/** A gateway that passes on whatever a peer sends, which a well-behaved one would not. */
function hostileGateway(messages: Record<string, Buffer | Error>) {
  const acknowledged: Record<string, string> = {}
  const gateway: GatewayClient = {
    send: () => Promise.reject(new Error('nothing is sent here')),
    listReceived: async () =>
      Object.keys(messages)
        .filter((docId) => acknowledged[docId] === undefined)
        .map((docId): ReceivedMessage => ({
          docId,
          from: governmentOffice,
          to: [ministryCode],
          serviceType: 'eDoc',
          messageType: 'edoc',
          documentId: `claimed-${docId}`,
          createdTime: '',
          updatedTime: '',
          status: 'initial',
        })),
    listSent: async () => [],
    download: async (docId) => {
      const message = messages[docId]
      if (!message || message instanceof Error) throw message ?? new Error('no such message')
      return message
    },
    acknowledge: async (docId, state) => void (acknowledged[docId] = state),
    agencies: async () => [],
  }
  return { gateway, acknowledged }
}
const poll = (gateway: GatewayClient, trials?: Trials) =>
  pollOnce({ db: ministry.db, files: ministry.files, gateway, limits: { attachmentBytes: 1_000 }, log }, trials)
const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

describe('what a hostile or careless sender sends', () => {
  it.each([
    ['malformed', Buffer.from(`<edXML xmlns="${namespace}"><unclosed`), 'không phải XML hợp lệ'],
    ['namespace', Buffer.from('<edXML xmlns="urn:other"/>'), 'không gian tên'],
    [
      'entity',
      Buffer.from(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><edXML xmlns="${namespace}">&e;</edXML>`),
      'DOCTYPE',
    ],
    ['empty', Buffer.alloc(0), 'XML'],
  ])('is refused with a sentence, kept and put on record: %s', async (docId, bytes, sentence) => {
    const { gateway, acknowledged } = hostileGateway({ [docId]: bytes })

    expect(await poll(gateway)).toEqual({ taken: 0, refused: 1, faulty: 0 })

    expect(acknowledged).toEqual({ [docId]: 'fail' })
    const [message] = await ministry.db.sql`
      select state, error, peer, raw_sha256 as sha256 from exchange_messages where exchange_document_id = ${`claimed-${docId}`}`
    expect(message).toMatchObject({
      state: 'refused',
      error: expect.stringContaining(sentence),
      peer: governmentOffice,
    })
    expect(await ministry.files.open(String(message?.sha256))).not.toBeNull()
    const [entry] = await ministry.db.sql`select act, data from audit_events order by seq desc limit 1`
    expect(entry).toMatchObject({ act: 'exchange.refused', data: { transportId: docId, from: governmentOffice } })
  })

  it('is refused when a file is over the limit or its name leaves the folder, and no document is made', async () => {
    const big = letter({
      documentId: 'big',
      attachments: [{ contentId: 'a', name: 'a.pdf', content: Buffer.alloc(5_000) }],
    })
    const sly = (await writeEdxml(letter({ documentId: 'sly' })))
      .toString()
      .replaceAll('Công văn 7816.pdf', '../../passwd')
    const { gateway, acknowledged } = hostileGateway({ big: await writeEdxml(big), sly: Buffer.from(sly) })

    expect(await poll(gateway)).toEqual({ taken: 0, refused: 2, faulty: 0 })

    expect(acknowledged).toEqual({ big: 'fail', sly: 'fail' })
    expect(await ministry.db.sql`select 1 from documents`).toHaveLength(0)
    expect(await readdir(path.join(ministry.folder, 'files', 'incoming'))).toEqual([])
  })

  it('does not keep a corrected letter of the same name out', async () => {
    const good = await writeEdxml(letter({ documentId: 'claimed-malformed', code: { number: '1', notation: 'A' } }))
    const { gateway, acknowledged } = hostileGateway({ corrected: good })

    expect(await poll(gateway)).toEqual({ taken: 1, refused: 0, faulty: 0 })

    expect(acknowledged).toEqual({ corrected: 'done' })
    expect(
      await ministry.db
        .sql`select state, error from exchange_messages where exchange_document_id = 'claimed-malformed'`,
    ).toEqual([{ state: 'received', error: null }])
  })

  it('records a status about a document of ours once', async () => {
    const about = status({
      from: { organId: governmentOffice },
      responseFor: { organId: ministryCode, documentId: 'ours' },
      statusCode: '03',
    })
    const bytes = await writeEdxml(about)
    const { gateway, acknowledged } = hostileGateway({ one: bytes, two: bytes })

    expect(await poll(gateway)).toEqual({ taken: 2, refused: 0, faulty: 0 })

    expect(acknowledged).toEqual({ one: 'done', two: 'done' })
    expect(
      await ministry.db
        .sql`select status_code as status, peer from exchange_messages where exchange_document_id = 'ours'`,
    ).toEqual([{ status: '03', peer: governmentOffice }])
  })

  it('keeps express at a set hour apart from express, and stands a recall beside the document that it names', async () => {
    const otherInfo = { priority: 4, pageAmount: 1, promulgationAmount: 1, appendixes: [] }
    const express = letter({ documentId: 'express', code: { number: '3', notation: 'C' }, otherInfo })
    const recall = letter({ ...express, subject: 'Thu hồi văn bản', bussiness: { bussinessDocType: 1 } })
    const { gateway } = hostileGateway({ express: await writeEdxml(express), recall: await writeEdxml(recall) })

    expect(await poll(gateway)).toEqual({ taken: 2, refused: 0, faulty: 0 })

    const kept = await ministry.db.sql<{ id: string; urgency: number }[]>`
      select id, urgency from documents where exchange_document_id = 'express'`
    expect(kept).toMatchObject([{ urgency: 4 }])
    const lines = await ministry.db.sql`
      select bussiness_doc_type as type, description from exchange_messages where document_id = ${kept[0]!.id} order by 1`
    expect(lines).toEqual([
      { type: 0, description: null },
      { type: 1, description: 'Thu hồi văn bản' },
    ])
    const [entry] = await ministry.db.sql`select act, data from audit_events order by seq desc limit 1`
    expect(entry).toMatchObject({ act: 'exchange.recallAsked', data: { exchangeDocumentId: 'express' } })
  })

  it('takes in two letters at the same time as one when two workers fetch it', async () => {
    const bytes = await writeEdxml(letter({ documentId: 'twice', code: { number: '2', notation: 'B' } }))
    const [one, two] = [hostileGateway({ twice: bytes }), hostileGateway({ twice: bytes })]

    await Promise.all([poll(one.gateway), poll(two.gateway)])

    expect(one.acknowledged).toEqual({ twice: 'done' })
    expect(two.acknowledged).toEqual({ twice: 'done' })
    expect(await ministry.db.sql`select 1 from documents where exchange_document_id = 'twice'`).toHaveLength(1)
    expect(
      await ministry.db
        .sql`select 1 from cases c join documents d on d.case_id = c.id where d.exchange_document_id = 'twice'`,
    ).toHaveLength(1)
  })

  it('does not hold up others by a message that we fail on, which is kept and put on record', async () => {
    const [bad, good] = await Promise.all([
      writeEdxml(letter({ documentId: 'unlucky', code: { number: '3', notation: 'C' } })),
      writeEdxml(letter({ documentId: 'lucky', code: { number: '4', notation: 'D' } })),
    ])
    await ministry.db.sql`alter table documents add constraint no_luck check (exchange_document_id <> 'unlucky')`
    const { gateway, acknowledged } = hostileGateway({ bad, good })
    const trials: Trials = new Map()

    for (let round = 0; round < 3; round += 1) {
      await poll(gateway, trials)
      for (const trial of trials.values()) trial.notBefore = 0
    }

    expect(acknowledged).toEqual({ good: 'done' })
    expect(
      await ministry.db.sql`select state from exchange_messages where exchange_document_id = 'claimed-bad'`,
    ).toEqual([{ state: 'failed' }])
    await ministry.db.sql`alter table documents drop constraint no_luck`
    await poll(gateway, trials)
    expect(acknowledged).toEqual({ good: 'done', bad: 'done' })
  })
})

describe('the polling loop', () => {
  it('goes on by itself after the gateway was away', async () => {
    const { gateway, acknowledged } = hostileGateway({
      later: await writeEdxml(letter({ documentId: 'later', code: { number: '5', notation: 'E' } })),
    })
    let away = true
    const states: string[] = []
    const list = gateway.listReceived
    gateway.listReceived = () => (away ? Promise.reject(new ExchangeUnavailable('ECONNREFUSED')) : list())
    const polling = startExchangePoll({
      db: ministry.db,
      files: ministry.files,
      gateway,
      log,
      pollMs: 10,
      onState: ({ state }) => void states.push(state),
    })
    await until('an outage', async () => states.includes('down'))

    away = false

    await until('the letter', async () => acknowledged.later === 'done')
    await until('the end of the outage', async () => states.at(-1) === 'up')
    await polling.stop()
  })
})

import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openDemonstrationAuthority } from '#app/demonstration/certificates.ts'
import type { RunningChild } from '#app/start/child.ts'
import { freePort } from '#app/start/ports.ts'
import { keptTrust } from '#db/trust.ts'
import { AgentClient, AgentError } from '#signing/agent/agent-client.ts'
import { softHsmLibrary } from '#signing/keys/software-token.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import type { AgentOrders } from '#app/signing/agent-orders.ts'
import { signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { startSigningWeb, tokenFor } from '#test/fixtures/signing-web.ts'
import { until } from '#test/fixtures/until.ts'
import { seededRandom } from './random.ts'

/** As many as one list takes. */
const MANY = 200
const SOME = 40
const LIMIT = 600_000

let signing: SigningOffice
let db: SigningOffice['office']['db']
let web: RunningChild
let port: number
let agentPort: number
const random = seededRandom(20_261_122)

beforeAll(async () => {
  signing = await signingOffice()
  db = signing.office.db
  ;[port, agentPort] = await Promise.all([freePort(), freePort()])
  await startWeb()
}, 300_000)
afterAll(async () => {
  await web?.close()
  await signing?.close()
}, 60_000)

const startWeb = async () => {
  web = await startSigningWeb(signing, { port, agentPort })
}

async function killWeb(): Promise<void> {
  process.kill(web.pid, 'SIGKILL')
  await web.ended
}

const origin = () => `http://127.0.0.1:${port}`

/** The deputy's browser; null when the server went away in the middle. */
async function ask(address: string, init: RequestInit = {}): Promise<Response | null> {
  return fetch(`${origin()}${address}`, {
    ...init,
    redirect: 'manual',
    headers: { cookie: 'imoit_session=session-deputy', origin: origin(), ...init.headers },
  }).catch(() => null)
}

const post = (address: string, form: Record<string, string | string[]>) => {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) body.append(name, one)
  return ask(address, { method: 'POST', body })
}

const states = async (listId: string) => {
  const rows = await db.sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from signatures where list_id = ${listId} group by 1`
  return Object.fromEntries(rows.map(({ state, count }) => [state, count])) as Record<string, number>
}
const done = async (listId: string) => (await states(listId)).embedded ?? 0
const unsigned = async (listId: string) => {
  const now = await states(listId)
  return (now.waiting ?? 0) + (now.prepared ?? 0)
}

type Waiting = Awaited<ReturnType<SigningOffice['waitingForSignature']>>

async function documentsToSign(count: number): Promise<Waiting[]> {
  const made: Waiting[] = []
  while (made.length < count) {
    const batch = Array.from({ length: Math.min(8, count - made.length) }, (_, index) =>
      signing.waitingForSignature(`Văn bản ${made.length + index} của ${count}`),
    )
    made.push(...(await Promise.all(batch)))
  }
  return made
}

/** The list that came of ticking these, though the answer to it may have been lost. */
async function begin(documents: Waiting[], pin = DEMONSTRATION_PIN): Promise<string> {
  const answer = await post('/signing', { tick: documents.map(({ taskId, sha256 }) => `${taskId}:${sha256}`), pin })
  expect(answer?.status).toBe(302)
  return answer?.headers.get('location')?.split('/').at(-1) ?? ''
}

/** No document is half signed or signed twice: one more version each, with one valid signature over what was shown. */
async function expectEachSignedOnce(documents: Waiting[], listId: string): Promise<void> {
  expect(await states(listId)).toEqual({ embedded: documents.length })
  const { trust } = servicesOf(await keptTrust(db))
  for (const { documentId, sha256, taskId } of documents) {
    const versions = await db.sql<{ version: number; sha256: string }[]>`
      select f.version, f.sha256 from document_files f join document_relations r on r.document_id = f.document_id
      where r.related_id = ${documentId} and f.role = 'draft' order by f.version`
    expect(versions.map(({ version }) => version)).toEqual([1, 2])
    expect(versions[0]?.sha256).toBe(sha256)
    const opened = await signing.office.files.open(versions[1]?.sha256 ?? '')
    const report = await verifyPdf(await buffer(opened!.stream), { trust })
    expect(report.signatures.map(({ verdict, role }) => [verdict, role])).toEqual([['valid', 'person']])
    const [counts] = await db.sql<{ signOffs: number; acts: number; ended: number }[]>`
      select (select count(*)::int from sign_offs s join document_relations r on r.document_id = s.document_id where r.related_id = ${documentId}) as "signOffs",
        (select count(*)::int from signatures where task_id = ${taskId} and value is not null) as acts,
        (select count(*)::int from case_events e join tasks t on t.case_id = e.case_id where t.id = ${taskId}
          and e.type = 'taskCompleted' and e.data->'task'->>'id' = ${taskId}) as ended`
    expect(counts).toEqual({ signOffs: 1, acts: 1, ended: 1 })
  }
}

describe(`while ${MANY} documents are signed with one PIN`, () => {
  it(
    'the web server is killed again and again: the PIN is asked anew, the list goes on where it was',
    async () => {
      const documents = await documentsToSign(MANY)
      const listId = await begin(documents)
      const signedBefore = new Map<string, string>()
      let kills = 0
      for (const share of [0.03, 0.1, 0.25, 0.45, 0.7, 0.9]) {
        await until(`${share} is done`, async () => (await done(listId)) >= share * MANY, 120_000)
        await wait(random() * 150)
        await killWeb()
        kills += 1
        // What the key has signed by now must stand at the end, byte for byte.
        for (const { id, value } of await db.sql<{ id: string; value: string }[]>`
          select id, value::text as value from signatures where list_id = ${listId} and value is not null`)
          signedBefore.set(id, value)
        await startWeb()
        // Opening the page goes on with what needs no key.
        expect((await ask(`/signing/${listId}`))?.status).toBe(200)
        if ((await unsigned(listId)) > 0)
          expect((await post(`/signing/${listId}`, { go: 'sign', pin: DEMONSTRATION_PIN }))?.status).toBe(302)
      }
      await until('all are signed', async () => (await done(listId)) === MANY, 240_000)
      expect(kills).toBe(6)
      const values = await db.sql<{ id: string; value: string }[]>`
        select id, value::text as value from signatures where list_id = ${listId}`
      for (const { id, value } of values) if (signedBefore.has(id)) expect(value).toBe(signedBefore.get(id))
      await expectEachSignedOnce(documents, listId)
    },
    LIMIT,
  )

  it(
    'the time-stamp service goes away and comes back: no PIN is asked again',
    async () => {
      const documents = await documentsToSign(SOME)
      const listId = await begin(documents)
      await until('some are done', async () => (await done(listId)) >= 5, 60_000)
      await signing.authority.close()
      await until('all are signed by the key', async () => (await unsigned(listId)) === 0, 60_000)
      await until('those left say why they wait', async () => {
        const [held] = await db.sql<{ count: number }[]>`
          select count(*)::int as count from signatures where list_id = ${listId} and state = 'signed' and fault is null`
        return held?.count === 0
      })
      expect((await states(listId)).failed).toBeUndefined()
      signing.authority = await openDemonstrationAuthority(db, signing.ground.authorityFolder)
      await post(`/signing/${listId}`, { go: '' })
      await until('all are done', async () => (await done(listId)) === SOME, 120_000)
      await expectEachSignedOnce(documents, listId)
    },
    LIMIT,
  )
})

describe.skipIf(!softHsmLibrary())(
  'with a token behind the signing program (skipped where SoftHSM2 is not installed)',
  () => {
    let agent: RunningChild
    let startAgent: () => Promise<RunningChild>

    beforeAll(async () => {
      const start = await tokenFor(signing, 'deputy')
      startAgent = () => start({ port: agentPort, origin: origin(), paceMs: 30 })
      agent = await startAgent()
    }, 60_000)
    afterAll(() => agent?.close())

    const orders = async (listId: string) =>
      (await (await ask(`/signing/${listId}/agent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ask: 'orders' }),
      }))!.json()) as AgentOrders
    const send = (listId: string, id: string, value: string) =>
      ask(`/signing/${listId}/agent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ask: 'values', values: [{ id, value }] }),
      })

    it(
      'the signing program is killed: what it signed counts, the rest is signed when it runs again',
      async () => {
        const documents = await documentsToSign(SOME)
        const listId = await begin(documents, '')
        let broken = 0
        while ((await unsigned(listId)) > 0) {
          const client = await AgentClient.connect(new WebSocket(`ws://127.0.0.1:${agentPort}/`, { origin: origin() }))
          const { certificate, documents: asked } = await orders(listId)
          const sent: Promise<unknown>[] = []
          try {
            await client.sign(randomBytes(16).toString('hex'), certificate, asked, ({ id, value }) => {
              if (value) sent.push(send(listId, id, value))
              if (sent.length === 7 && broken < 2) process.kill(agent.pid, 'SIGKILL')
            })
          } catch (error) {
            if (!(error instanceof AgentError)) throw error
            expect(error.code).toBe('agent-gone')
            broken += 1
            await agent.ended
            agent = await startAgent()
          }
          await Promise.all(sent)
          client.close()
        }
        expect(broken).toBe(2)
        await until('all are done', async () => (await done(listId)) === SOME, 120_000)
        await expectEachSignedOnce(documents, listId)
      },
      LIMIT,
    )
  },
)

it('no log and no process has kept a PIN', async () => {
  const names = (await readdir(signing.office.folder)).filter((name) => name.endsWith('.log'))
  expect(names).toContain('web.log')
  for (const name of names)
    expect(await readFile(path.join(signing.office.folder, name), 'utf8'), name).not.toContain(DEMONSTRATION_PIN)
})

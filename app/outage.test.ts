import { hash } from '@node-rs/argon2'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/database.ts'
import { mailbox, storeLetter } from '#db/letters.ts'
import { cutLine } from '#test/fixtures/cut-line.ts'
import { answerOf, officeAtWork, type OfficeAtWork, type RouteAnswer } from '#test/fixtures/office-at-work.ts'
import { permissionOf } from './guard.server.ts'
import { permissions } from './permissions.ts'
import { refusalIn } from './refusal.ts'

type Handler = (args: LoaderFunctionArgs & ActionFunctionArgs) => unknown
const modules = import.meta.glob<Record<string, unknown>>(
  ['./routes/**/*.{ts,tsx}', './root.tsx', '!./**/*.test.{ts,tsx}'],
  { eager: true },
)
const handlers = Object.entries(modules).flatMap(([file, module]) =>
  (['loader', 'action'] as const)
    .filter((kind) => typeof module[kind] === 'function')
    .map((kind) => ({ name: `${file} ${kind}`, kind, handler: module[kind] as Handler })),
)

let office: OfficeAtWork
let params: Record<string, string>

beforeAll(async () => {
  office = await officeAtWork()
  await office.db.sql`update persons set password_hash = ${await hash('a good password')} where username = 'clerk'`
  const documentId = await office.directed('Văn bản trong lúc mất điện')
  await office.fill('tmdtHead', documentId, 'incoming.assign', {
    outcome: 'assigned',
    specialistPost: office.who('tmdtSpecialist').viewer.postId,
    handlingDeadline: '3 ngày',
  })
  const { taskId, caseId } = await office.taskOf('tmdtSpecialist', documentId)
  const stored = await office.files.put(Buffer.from('%PDF-1.7'), 100)
  await office.db
    .sql`insert into files (sha256, size, media_type, created_at) values (${stored.sha256}, ${stored.size}, 'application/pdf', now())`
  const [file] = await office.db.sql<{ id: string }[]>`
    update document_files set sha256 = ${stored.sha256} where document_id = ${documentId} returning id`
  const letter = { messageId: '<1@x>', from: null, to: [], cc: [], subject: 'x', date: null, text: '' }
  const attachments = [{ name: 'a.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7') }]
  for (const { viewer } of [office.who('tmdtSpecialist')]) {
    const [person] = await office.db.sql<{ email: string }[]>`select email from persons where id = ${viewer.personId}`
    await storeLetter(office.db, office.files, {
      letter: { ...letter, attachments },
      raw: Buffer.alloc(500),
      mailboxes: [person!.email],
    })
  }
  const [arrived] = (await mailbox(office.db, 'tmdtspecialist@moit.example')).letters
  params = {
    documentId,
    taskId,
    caseId,
    fileId: file!.id,
    letterId: arrived!.id,
    number: '1',
    flowId: 'approval',
    book: 'incoming',
    file: `${new Date().getFullYear()}.pdf`,
  }
})
afterAll(() => office.close())

const members: Partial<Record<string, string>> = {
  'ministry-clerk': 'clerk',
  administrator: 'admin',
  minister: 'minister',
  'chief-of-office': 'chief',
}

/** Somebody who may: the specialist, whose task it is, where everybody may. */
function askerOf(handler: unknown): string | null {
  const action = permissionOf(handler)
  if (action === undefined) return 'tmdtSpecialist'
  const may: readonly string[] = permissions[action]
  if (may.includes('specialist')) return 'tmdtSpecialist'
  return may.map((role) => members[role]).find((name) => name !== undefined) ?? null
}

/** Something of everything that forms ask for; each action takes what it knows. */
function form(name: string): Record<string, string> | FormData {
  if (/receive|notices\.new|draft/.test(name)) {
    const upload = new FormData()
    for (const field of ['draft', 'scan', 'file']) upload.append(field, new File(['%PDF-1.7 x'], 'van-ban.pdf'))
    upload.append('subject', 'Văn bản')
    return upload
  }
  return {
    key: crypto.randomUUID(),
    form: crypto.randomUUID(),
    username: 'clerk',
    password: 'a good password',
    language: 'vi',
    outcome: 'noReply',
    result: 'Đã xem xét, không phải trả lời',
    postId: office.who('tmdtSpecialist').viewer.postId,
    subscriptionId: 's1',
    caseId: params.caseId ?? '',
    incidentId: 'i1',
    callId: crypto.randomUUID(),
    jump: 'hour',
  }
}

/** Asks with a database that dies when it is spoken to once more than `after` times. */
async function askedWith(
  { name, kind, handler }: (typeof handlers)[number],
  after: number,
): Promise<{ answer: RouteAnswer; cut: boolean }> {
  const line = await cutLine(office.url, after)
  const db = openDatabase(line.url, { max: 2 })
  try {
    const body = kind === 'action' ? form(name) : undefined
    // The counts of a stream come after its answer.
    const closing = new AbortController()
    const args = office.asking(askerOf(handler), '/', params, body, { db, closing: closing.signal })
    const answer = await answerOf((async () => handler(args))())
    closing.abort()
    await answer.response?.body?.cancel().catch(() => undefined)
    return { answer, cut: line.isCut() }
  } finally {
    await line.close()
    // A pool whose line was cut waits for answers that cannot come.
    await db.sql.end({ timeout: 0 })
  }
}

describe('while the database is away', () => {
  it.each(handlers)('$name says so, whenever it went', async (asked) => {
    const seen: RouteAnswer[] = []
    let whole: RouteAnswer | undefined
    // Each word of the beginning, then every third: a page asks much the same way to its end.
    for (let after = 0; whole === undefined; after += after < 9 ? 1 : 3) {
      const { answer, cut } = await askedWith(asked, after)
      if (cut) seen.push(answer)
      else whole = answer
      expect(after, 'it comes to an end').toBeLessThan(60)
    }
    expect(whole.status).not.toBe(500)
    for (const { status, to, data } of seen) {
      // What is only noted beside a page (that somebody looked) does not take the page away.
      if (status === whole.status && to === whole.to) continue
      if (asked.name.includes('health.ts')) {
        expect(data).toMatchObject({ ok: false, parts: { database: { state: 'down' } } })
        continue
      }
      expect({ status, to }).toEqual({ status: 503, to: null })
      const refusal = refusalIn(data)
      expect(['database-away', 'sign-in-unavailable']).toContain(refusal?.code)
      expect(refusal?.sentence).toEqual({ vi: expect.any(String) as string, en: expect.any(String) as string })
    }
  })
})

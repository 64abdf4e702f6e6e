import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, officeAtWork, registration, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { refusalIn } from './refusal.ts'
import { loader as noPage } from './routes/_app.$.ts'
import { loader as casePage } from './routes/_app.cases.$caseId.tsx'
import { loader as documentPage } from './routes/_app.documents.$documentId.tsx'
import { loader as download } from './routes/_app.documents.$documentId_.files.$fileId.ts'
import { action as notice } from './routes/_app.notices.new.tsx'
import { action as receive } from './routes/_app.receive.tsx'
import { action as complete, loader as taskPage } from './routes/_app.tasks.$taskId.tsx'
import { action as claim } from './routes/_app.tasks.$taskId_.claim.tsx'
import { action as draft } from './routes/_app.tasks.$taskId_.draft.tsx'
import { action as signIn } from './routes/sign-in.tsx'

let office: OfficeAtWork
let waiting: { taskId: string; documentId: string }
let handled: { taskId: string; documentId: string; caseId: string }
let log: { level: number; code?: string; status?: number; msg: string }[] = []
const lines = pino(
  { level: 'info' },
  new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as (typeof log)[number])
      done()
    },
  }),
)
const WARN = 40

beforeAll(async () => {
  office = await officeAtWork()
  const documentId = await office.arrive('Văn bản chờ vào sổ')
  waiting = { documentId, taskId: (await office.taskOf('clerk', documentId)).taskId }
  const directed = await office.directed('Văn bản đang xử lý')
  await office.fill('tmdtHead', directed, 'incoming.assign', {
    outcome: 'assigned',
    specialistPost: office.who('tmdtSpecialist').viewer.postId,
    handlingDeadline: '3 ngày',
  })
  handled = { ...(await office.taskOf('tmdtSpecialist', directed)), documentId: directed }
})
afterAll(() => office.close())

/** Everything that a request could have left behind. */
const traces = async () =>
  (
    await office.db.sql`
    select (select count(*)::int from case_events) as events, (select count(*)::int from documents) as documents,
      (select count(*)::int from document_files) as files, (select count(*)::int from register_entries) as numbers,
      (select count(*)::int from tasks where state = 'open') as open, (select count(*)::int from sessions) as sessions`
  )[0]

interface Bad {
  what: string
  ask: () => unknown
  status: number
  code: string
}

const send = (name: string, more: Record<string, unknown>) => {
  const form = Object.fromEntries(
    Object.entries(registration({ key: randomUUID(), ...more })).filter(([, value]) => value !== undefined),
  ) as Record<string, string>
  return complete(office.asking(name, '/', { taskId: waiting.taskId }, form, { log: lines }))
}
const upload = (name: string, content: string | Uint8Array, field = 'draft') => {
  const form = new FormData()
  form.append(field, new File([content as BlobPart], name))
  form.append('key', randomUUID())
  form.append('subject', 'Văn bản')
  return form
}
const withDraft = (form: FormData, name = 'tmdtSpecialist') =>
  draft(office.asking(name, '/', { taskId: handled.taskId }, form, { log: lines }))
const asking = (name: string | null, params: Record<string, string> = {}, form?: Record<string, string>) =>
  office.asking(name, '/', params, form, { log: lines })

const bad: Bad[] = [
  { what: 'a field missing', ask: () => send('clerk', { subject: '' }), status: 422, code: 'form-invalid' },
  {
    what: 'a field too long',
    ask: () => send('clerk', { subject: 'a'.repeat(501) }),
    status: 422,
    code: 'form-invalid',
  },
  {
    what: 'a field of the wrong kind',
    ask: () => send('clerk', { issuedOn: '31/31/2026' }),
    status: 422,
    code: 'form-invalid',
  },
  {
    what: 'an outcome that the step does not have',
    ask: () => send('clerk', { outcome: 'signed' }),
    status: 422,
    code: 'form-invalid',
  },
  { what: 'a secret document', ask: () => send('clerk', { secrecy: '2' }), status: 422, code: 'secret-document' },
  { what: 'a form without its key', ask: () => send('clerk', { key: undefined }), status: 400, code: 'form-malformed' },
  {
    what: 'a body that is no form',
    ask: () => {
      const args = asking('clerk', { taskId: waiting.taskId })
      const request = new Request(args.request.url, {
        method: 'POST',
        body: '{}',
        headers: { cookie: args.request.headers.get('cookie') ?? '', 'content-type': 'application/json' },
      })
      return complete({ ...args, request })
    },
    status: 400,
    code: 'form-malformed',
  },
  {
    what: 'an upload whose content is not its type',
    ask: () => withDraft(upload('du-thao.pdf', 'MZ, no PDF at all')),
    status: 415,
    code: 'file-content',
  },
  {
    what: 'an upload of a name that climbs',
    ask: () => withDraft(upload('../../etc/passwd.pdf', '%PDF-1.7')),
    status: 422,
    code: 'file-name',
  },
  {
    what: 'a scan whose content is not its type',
    ask: () => receive(office.asking('clerk', '/', {}, upload('scan.png', '<html>', 'scan'), { log: lines })),
    status: 415,
    code: 'file-content',
  },
  {
    what: 'paper without its subject',
    ask: () => {
      const form = upload('scan.pdf', '%PDF-1.7', 'scan')
      form.set('subject', '')
      return receive(office.asking('clerk', '/', {}, form, { log: lines }))
    },
    status: 422,
    code: 'form-invalid',
  },
  {
    what: 'a notice without its fields',
    ask: () => notice(office.asking('chief', '/', {}, upload('tb.pdf', '%PDF-1.7', 'file'), { log: lines })),
    status: 422,
    code: 'form-invalid',
  },
  {
    what: 'a request that says it is larger than its form may be',
    ask: () => {
      const args = asking('clerk', { taskId: waiting.taskId }, { key: randomUUID() })
      args.request.headers.set('content-length', '50000000')
      return complete(args)
    },
    status: 413,
    code: 'form-too-large',
  },
  {
    what: 'a task completed by somebody of another unit',
    ask: () => complete(asking('xnkHead', { taskId: handled.taskId }, { key: randomUUID(), outcome: 'noReply' })),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a task taken by somebody of another unit',
    ask: () => claim(asking('xnkHead', { taskId: waiting.taskId }, {})),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a draft by somebody whose post drafts nothing',
    ask: () => withDraft(upload('du-thao.pdf', '%PDF-1.7'), 'clerk'),
    status: 403,
    code: 'not-permitted',
  },
  {
    what: 'a page of another unit’s task',
    ask: () => taskPage(asking('xnkHead', { taskId: handled.taskId })),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a page of another unit’s document',
    ask: () => documentPage(asking('xnkHead', { documentId: handled.documentId })),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a page of another unit’s case',
    ask: () => casePage(asking('xnkHead', { caseId: handled.caseId })),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a file of another unit’s document',
    ask: () => download(asking('xnkHead', { documentId: handled.documentId, fileId: randomUUID() })),
    status: 404,
    code: 'not-found',
  },
  {
    what: 'an id that is none',
    ask: () => documentPage(asking('clerk', { documentId: "1' or 1=1" })),
    status: 404,
    code: 'not-found',
  },
  { what: 'an address that is nobody’s', ask: () => noPage(asking('clerk')), status: 404, code: 'not-found' },
  {
    what: 'a sign-in without a password',
    ask: () => signIn(asking(null, {}, { username: 'clerk' })),
    status: 400,
    code: 'sign-in-incomplete',
  },
  {
    what: 'a sign-in by nobody we know',
    ask: () => signIn(asking(null, {}, { username: 'nobody', password: 'x' })),
    status: 401,
    code: 'wrong-password',
  },
]

describe('bad input', () => {
  it.each(bad)('$what: a clear sentence, an entry in the log, and nothing half done', async ({ ask, status, code }) => {
    const before = await traces()
    log = []
    const answer = await answerOf((async () => ask())())
    expect(answer.status).toBe(status)
    if (code === 'form-invalid') {
      const { entered } = answer.data as { entered: { error: Record<string, string[]> } }
      expect(Object.values(entered.error).flat().length).toBeGreaterThan(0)
    } else {
      const refusal = refusalIn(answer.data)
      expect(refusal).toMatchObject({ code, quote: 'request-1' })
      for (const sentence of [refusal!.sentence.vi, refusal!.sentence.en]) expect(sentence).toMatch(/\S{2,} .*[.!]$/s)
    }
    expect(log).toContainEqual(expect.objectContaining({ level: WARN, code, status, msg: 'refused' }))
    expect(await traces()).toEqual(before)
  })

  it('a task from two windows is done once, the second hears who was first, and that is logged', async () => {
    const documentId = await office.arrive('Văn bản hai cửa sổ')
    const { taskId } = await office.taskOf('clerk', documentId)
    const from = (name: string) =>
      answerOf(complete(asking(name, { taskId }, registration({ key: randomUUID() }) as Record<string, string>)))
    log = []
    const answers = await Promise.all([from('clerk'), from('clerk2')])
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 409])
    const second = answers.find(({ status }) => status === 409)
    expect(refusalIn(second?.data)?.sentence.vi).toMatch(/^Người clerk2? đã hoàn thành việc này trước đó/)
    expect(log).toContainEqual(expect.objectContaining({ level: WARN, code: 'task-ended' }))
    const numbers = await office.db.sql`select 1 from register_entries where document_id = ${documentId}`
    expect(numbers).toHaveLength(1)
  })
})

import { randomUUID } from 'node:crypto'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askForJourney, journey } from '#db/clock-travel.ts'
import { publishFlow } from '#db/flows.ts'
import { letter, mailbox, storeLetter } from '#db/letters.ts'
import { parkStep } from '#db/parking.ts'
import { fireStarter, parkStarter } from '#db/starters.ts'
import { startCase } from '#db/step.ts'
import { drawnFlow, drawnSignal, end, startsByTimer, task, type Drawn } from '#test/fixtures/drawn-flow.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { refusalIn } from '../refusal.ts'
import * as health from '../routes/_app.administration._index.tsx'
import * as agencies from '../routes/_app.administration.agencies.tsx'
import * as audit from '../routes/_app.administration.audit.tsx'
import * as holidays from '../routes/_app.administration.holidays.tsx'
import * as incidents from '../routes/_app.administration.incidents.tsx'
import * as kinds from '../routes/_app.administration.kinds.tsx'
import * as outbox from '../routes/_app.administration.outbox.tsx'
import * as people from '../routes/_app.administration.people.tsx'
import * as frame from '../routes/_app.administration.tsx'
import * as flow from '../routes/_app.flows.$flowId.tsx'
import * as flows from '../routes/_app.flows._index.tsx'
import * as letterPage from '../routes/_app.mail.$letterId.tsx'
import * as mailboxPage from '../routes/_app.mail.tsx'
import * as attachment from '../routes/_app.mail_.$letterId.attachments.$number.ts'

type Person = 'admin' | 'clerk'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let files: OfficeAtWork['files']

beforeAll(async () => {
  office = await officeAtWork()
  ;({ db, files } = office)
  await db.sql`update persons set demonstration = false`
})
afterAll(() => office.close())
beforeEach(() => db.sql`delete from settings where key = 'clock:travel'`)

interface Asked {
  by: Person | null
  url?: string
  params?: Record<string, string>
  form?: Record<string, string>
  production?: boolean
}

/** What the handler answers, or the status of what it throws. */
async function ask(
  handler: (args: LoaderFunctionArgs & ActionFunctionArgs) => unknown,
  { by, url = '/', params = {}, form, production }: Asked,
): Promise<{ status: number; data: unknown; location: string | null }> {
  const { to, ...answer } = await answerOf(
    (async () => handler(office.asking(by, url, params, form, { production })))(),
  )
  return { ...answer, location: to }
}

const administration = { frame, health, incidents, outbox, people, agencies, holidays, kinds, audit }

describe('the administration', () => {
  it.each(Object.entries(administration))('%s is the administrator’s alone', async (_name, { loader }) => {
    expect((await ask(loader, { by: 'admin' })).status).toBe(200)
    expect((await ask(loader, { by: 'clerk' })).status).toBe(403)
    expect(await ask(loader, { by: null })).toMatchObject({
      status: 302,
      location: expect.stringContaining('/sign-in'),
    })
  })

  it.each(Object.entries({ health, incidents, outbox, audit }))(
    '%s does nothing for others',
    async (_name, { action }) => {
      const form = { jump: 'tomorrow', caseId: randomUUID(), incidentId: 'i', callId: randomUUID() }
      const answer = await ask(action, { by: 'clerk', form })
      expect(answer.status).toBe(403)
      expect(refusalIn(answer.data)?.code).toBe('not-permitted')
      expect(await journey(db)).toBeNull()
    },
  )

  it('lets everybody read the flows, and only the published ones are there', async () => {
    expect(await ask(flows.loader, { by: 'clerk' })).toMatchObject({ status: 200, data: { trouble: null } })
    const of = (flowId: string, url?: string) => ask(flow.loader, { by: 'clerk', params: { flowId }, url })
    expect((await of('approval')).status).toBe(200)
    expect((await of('nothing')).status).toBe(404)
    expect((await of('approval', '/?version=99')).status).toBe(404)
    expect((await of('approval', '/?version=1;drop')).status).toBe(404)
  })

  it('has an incident tried again by its button, and says when it is gone', async () => {
    const variables = { subject: 'x', sender: 'y', urgency: 0, dueDate: '2026-12-31', needsReply: true }
    const { caseId } = await startCase(db, {
      flowId: 'approval',
      documentId: null,
      variables,
      key: randomUUID(),
      actor: null,
    })
    await parkStep(db, caseId, { of: { timerId: 't1', occurrence: 1 }, elementId: 't1', message: 'timer t1: broken' })
    const form = { caseId, incidentId: 'step:timer:t1:1', form: randomUUID() }
    const listed = await ask(incidents.loader, { by: 'admin' })
    expect(listed.data).toMatchObject({ incidents: [{ caseId, message: 'timer t1: broken', remedy: 'retry' }] })
    expect((await ask(incidents.action, { by: 'admin', form })).data).toEqual({
      mended: form.incidentId,
      done: 'retried',
    })
    expect((await ask(incidents.loader, { by: 'admin' })).data).toMatchObject({ incidents: [] })
    const again = await ask(incidents.action, { by: 'admin', form: { ...form, form: randomUUID() } })
    expect(again.status).toBe(409)
    expect(await db.sql`select act from audit_events where act = 'incident.mended'`).toHaveLength(1)
  })
})

describe('a timer start that failed', () => {
  it('is listed by the name of its flow, and tried again by its button', async () => {
    await publishFlow(db, {
      xml: drawnFlow('weekly', { begin: startsByTimer('Cycle', 'R/P7D'), work: task(), done: end() }),
    })
    const [starter] = await db.sql<{ flowVersionId: string }[]>`
      select flow_version_id as "flowVersionId" from starters where flow_id = 'weekly'`
    const which = {
      flowId: 'weekly',
      flowVersionId: starter!.flowVersionId,
      elementId: 'begin',
      part: 0,
      occurrence: 1,
    }
    await parkStarter(db, which, 'the calendar is gone')
    const listed = await ask(incidents.loader, { by: 'admin' })
    expect(listed.data).toMatchObject({
      starts: [{ flowName: 'weekly', error: 'the calendar is gone', occurrence: 1 }],
    })

    const form = { remedy: 'start', flowId: 'weekly', elementId: 'begin', part: '0' }
    expect((await ask(incidents.action, { by: 'clerk', form })).status).toBe(403)
    expect((await ask(incidents.action, { by: 'admin', form })).data).toMatchObject({ done: 'started' })
    expect((await ask(incidents.loader, { by: 'admin' })).data).toMatchObject({ starts: [] })
    expect(await db.sql`select data from audit_events where act = 'starter.retried'`).toHaveLength(1)
  })
})

describe('a start that waits for more events', () => {
  it('is listed with what has come, and given up by an administrator alone', async () => {
    const both: Drawn = (id, ways) =>
      `<bpmn:startEvent id="${id}" name="Đủ hai" parallelMultiple="true">${ways}<bpmn:signalEventDefinition id="one" signalRef="signal_open"/><bpmn:timerEventDefinition id="two"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R/P7D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`
    const { id: flowVersionId } = await publishFlow(db, {
      xml: drawnFlow('both', { begin: both, work: task(), done: end() }, { definitions: drawnSignal('open') }),
    })
    await fireStarter(db, { flowId: 'both', flowVersionId, elementId: 'begin', part: 1, occurrence: 1 })
    const listed = await ask(incidents.loader, { by: 'admin' })
    expect(listed.data).toMatchObject({ gathered: [{ flowName: 'both', elementName: 'Đủ hai', came: 1, needs: 2 }] })

    const form = { remedy: 'dropGathered', flowId: 'both', elementId: 'begin' }
    expect((await ask(incidents.action, { by: 'clerk', form })).status).toBe(403)
    expect((await ask(incidents.action, { by: 'admin', form })).data).toMatchObject({ done: 'dropped' })
    expect((await ask(incidents.loader, { by: 'admin' })).data).toMatchObject({ gathered: [] })
    expect(await db.sql`select data from audit_events where act = 'starter.gatheredDropped'`).toHaveLength(1)
  })
})

describe('a case in trouble', () => {
  it('is ended by its button, with a reason that the audit keeps, and not without', async () => {
    const documentId = await office.directed('Văn bản bị tắc')
    const { caseId } = await office.taskOf('tmdtHead', documentId)
    const send = (reason: string, form: string = randomUUID()) =>
      ask(incidents.action, { by: 'admin', form: { caseId, remedy: 'end', reason, form } })
    const short = await send('  x ')
    expect(short.status).toBe(422)
    expect(refusalIn(short.data)?.fields.reason).toBeDefined()
    const form = randomUUID()
    expect((await send('Văn bản đã bị thu hồi', form)).data).toMatchObject({ done: 'end' })
    expect((await send('Văn bản đã bị thu hồi', form)).status).toBe(200)
    expect((await send('Một lần nữa')).status).toBe(409)
    expect(
      await db.sql`select data->>'reason' as reason from audit_events where act = 'case.ended' and data->>'caseId' = ${caseId}`,
    ).toEqual([{ reason: 'Văn bản đã bị thu hồi' }])
  })
})

describe('the check of the audit', () => {
  it('is under way when its page comes, and tells there what it found', async () => {
    expect(await ask(audit.action, { by: 'admin', form: {} })).toMatchObject({ status: 302 })
    const shown = async () => (await ask(audit.loader, { by: 'admin' })).data as { check: { state: string } | null }
    expect((await shown()).check).not.toBeNull()
    await expect.poll(async () => (await shown()).check).toMatchObject({ state: 'done', brokenChains: 0 })
  })
})

describe('the demonstration’s clock', () => {
  const jump = (form: Record<string, string>, production = false) =>
    ask(health.action, { by: 'admin', form, production })

  it('is sent on its way once, and by nobody else until it has arrived', async () => {
    expect(await jump({ jump: 'hour' })).toMatchObject({ status: 302, location: '/administration' })
    expect((await journey(db))?.done).toBe(false)
    expect((await jump({ jump: 'week' })).status).toBe(409)
    expect(await db.sql`select act from audit_events where act = 'clock.moved'`).toHaveLength(1)
  })

  it('refuses what is no time to go to, beside the field', async () => {
    for (const at of ['2020-01-01T08:00', 'tomorrow', '2999-01-01T00:00']) {
      const answer = await jump({ jump: 'at', at })
      expect(answer.status).toBe(422)
      expect(refusalIn(answer.data)?.fields.at).toBeDefined()
    }
    expect(await journey(db)).toBeNull()
  })

  it('stands in production', async () => {
    const answer = await jump({ jump: 'hour' }, true)
    expect(answer.status).toBe(403)
    expect(refusalIn(answer.data)?.code).toBe('clock-in-production')
    expect(await journey(db)).toBeNull()
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      await expect(askForJourney(db, Date.now() + 1000)).rejects.toMatchObject({
        code: 'clock-in-production',
        status: 403,
      })
    } finally {
      process.env.NODE_ENV = before
    }
  })
})

describe('a mailbox', () => {
  const address = 'clerk@moit.example'
  let letterId: string
  beforeAll(async () => {
    const attachments = [{ name: 'trang.html', mediaType: 'text/html', content: Buffer.from('<script>1</script>') }]
    const written = {
      messageId: '<1@x>',
      from: null,
      to: [],
      cc: [],
      subject: 'Mật',
      date: null,
      text: 'x',
      attachments,
    }
    await storeLetter(db, files, { letter: written, raw: Buffer.alloc(1000), mailboxes: [address] })
    letterId = (await mailbox(db, address)).letters[0]!.id
  })
  const params = () => ({ letterId, number: '1' })

  it('never shows a letter, its files or its place in a list to another', async () => {
    expect((await ask(letterPage.loader, { by: 'admin', params: params() })).status).toBe(404)
    expect((await ask(attachment.loader, { by: 'admin', params: params() })).status).toBe(404)
    expect((await ask(letterPage.action, { by: 'admin', params: params(), form: {} })).status).toBe(404)
    const list = await ask(mailboxPage.loader, { by: 'admin', params: params() })
    expect(list.data).toMatchObject({ letters: [], total: 0, unread: 0 })
    expect((await letter(db, address, letterId))?.readAt).toBeNull()
  })

  it('opens for its owner, marked as read until it is marked as unread', async () => {
    const list = await ask(mailboxPage.loader, { by: 'clerk', params: params() })
    expect(list.data).toMatchObject({ total: 1, unread: 0, letters: [{ id: letterId, files: 1 }] })
    expect((await ask(letterPage.loader, { by: 'clerk', params: params() })).data).toMatchObject({
      letter: { subject: 'Mật', attachments: [{ name: 'trang.html' }] },
    })
    const marked = await ask(letterPage.action, { by: 'clerk', params: params(), url: '/?unread=1', form: {} })
    expect(marked).toMatchObject({ status: 302, location: '/mail?unread=1' })
    expect((await letter(db, address, letterId))?.readAt).toBeNull()
  })

  it('gives files away as bytes to save, whatever they say they are', async () => {
    const args = { by: 'clerk', params: params() } as const
    const response = await attachment.loader(office.asking(args.by, '/', args.params))
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect(await response.text()).toBe('<script>1</script>')
    for (const number of ['0', '2', '-1', 'x', '1e0'])
      expect((await ask(attachment.loader, { by: 'clerk', params: { letterId, number } })).status).toBe(404)
    expect((await ask(letterPage.loader, { by: 'clerk', params: { letterId: 'no-id' } })).status).toBe(404)
  })
})

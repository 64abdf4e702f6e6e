import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, officeAtWork, registration, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import type { SentBack } from '../tasks/entered.tsx'
import { loader as home } from './_app._index.tsx'
import { action as takeBack } from './_app.cases.$caseId_.take-back.tsx'
import { loader as given } from './_app.given.tsx'
import { action as complete, loader as taskPage } from './_app.tasks.$taskId.tsx'
import { action as claim } from './_app.tasks.$taskId_.claim.tsx'
import { action as draft } from './_app.tasks.$taskId_.draft.tsx'
import { action as release } from './_app.tasks.$taskId_.release.tsx'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let who: OfficeAtWork['who']
let asking: OfficeAtWork['asking']
let arrive: OfficeAtWork['arrive']
let taskOf: OfficeAtWork['taskOf']
let fill: OfficeAtWork['fill']
let directed: OfficeAtWork['directed']

beforeAll(async () => {
  office = await officeAtWork()
  ;({ db, who, asking, arrive, taskOf, fill, directed } = office)
})
afterAll(() => office.close())

const open = (name: string, taskId: string, search = '') =>
  taskPage(asking(name, `/tasks/${taskId}${search}`, { taskId }))
const send = (name: string, taskId: string, form: Record<string, string | string[]>) =>
  answerOf(complete(asking(name, `/tasks/${taskId}`, { taskId }, { key: randomUUID(), ...form })))

describe("a task's page", () => {
  it('has the document, the form’s choices, who passed it on and who comes next', async () => {
    const documentId = await arrive('Văn bản chờ trình')
    await fill('clerk', documentId, 'incoming.register', registration())
    const { taskId } = await taskOf('chief', documentId)
    const page = await open('chief', taskId)
    expect(page.task).toMatchObject({
      mayAct: true,
      from: { fullName: 'Người clerk' },
      document: { subject: 'V/v báo cáo tình hình dịch vụ công trực tuyến' },
    })
    expect(page.choices).toMatchObject({
      key: 'incoming.submit',
      leaders: [{ role: 'minister' }, { role: 'deputy-minister' }],
    })
    expect(page.next).toMatchObject([{ elementId: 'direct', certain: true }])
    expect(page.files).toMatchObject([{ name: 'den.pdf', role: 'main' }])
    expect(page.view?.history.map((line) => [line.act, line.outcome])).toEqual([
      ['started', null],
      ['completed', 'registered'],
    ])
    expect(page.view?.active).toEqual(['submit'])
  })

  it('offers the units of the Office’s proposal', async () => {
    const documentId = await arrive('Văn bản chờ bút phê')
    await fill('clerk', documentId, 'incoming.register', registration())
    await fill('chief', documentId, 'incoming.submit', {
      outcome: 'submitted',
      leaderPost: who('deputy').viewer.postId,
      proposal: 'Vụ Pháp chế chủ trì, phối hợp với Cục Xuất nhập khẩu',
    })
    const { choices } = await open('deputy', (await taskOf('deputy', documentId)).taskId)
    expect(choices).toMatchObject({ proposed: { lead: 'PC', coordinating: ['XNK'] } })
  })

  it('records who looked, and that their unit has opened the document', async () => {
    const documentId = await directed('Văn bản đơn vị mở')
    const { taskId } = await taskOf('tmdtHead', documentId)
    const opened = async () =>
      (
        await db.sql<{ unit: string; by: string | null }[]>`
        select u.code as unit, n.username as by from document_parts p join units u on u.id = p.unit_id left join persons n on n.id = p.opened_by
        where p.document_id = ${documentId} order by u.code`
      ).map((row) => [row.unit, row.by])
    expect(await opened()).toEqual([
      ['PC', null],
      ['TMDT', null],
    ])
    await open('tmdtHead', taskId)
    expect(await opened()).toEqual([
      ['PC', null],
      ['TMDT', 'tmdtHead'],
    ])
    const [seen] = await db.sql<{ count: number }[]>`
      select count(*)::int as count from document_views where document_id = ${documentId} and person_id = ${who('tmdtHead').viewer.personId}`
    expect(seen?.count).toBe(1)
  })

  it('is not there for somebody else, whatever they ask of it', async () => {
    const documentId = await directed('Văn bản của Cục TMĐT')
    const { taskId, caseId } = await taskOf('tmdtHead', documentId)
    const stranger = 'xnkSpecialist'
    const file = new FormData()
    file.append('draft', new File(['%PDF-1.7'], 'du-thao.pdf'))
    const asked: (() => Promise<unknown>)[] = [
      () => open(stranger, taskId),
      () => open(stranger, 'not-an-id'),
      () => claim(asking(stranger, `/tasks/${taskId}/claim`, { taskId }, {})),
      () => release(asking(stranger, `/tasks/${taskId}/release`, { taskId }, {})),
      () => draft(asking(stranger, `/tasks/${taskId}/draft`, { taskId }, file)),
      () =>
        complete(
          asking(
            stranger,
            `/tasks/${taskId}`,
            { taskId },
            { key: randomUUID(), outcome: 'returned', reason: 'Không phải của đơn vị' },
          ),
        ),
    ]
    for (const ask of asked) expect((await answerOf(ask())).status).toBe(404)
    // Knowing the case's id helps as little.
    const taken = await answerOf(
      takeBack(asking(stranger, `/cases/${caseId}/take-back`, { caseId }, { key: randomUUID(), subscriptionId: 's1' })),
    )
    expect(taken.status).toBe(404)
    expect(await taskOf('tmdtHead', documentId)).toMatchObject({ taskId })
  })
})

describe('a filled form', () => {
  it('comes back with what was entered and what is wrong, field by field', async () => {
    const { taskId } = await taskOf('clerk', await arrive('Văn bản điền sai'))
    const { status, data } = await send('clerk', taskId, {
      ...registration(),
      number: 'abc',
      subject: '',
      notation: 'VPCP-TH',
    })
    const { entered } = data as SentBack
    expect(status).toBe(422)
    expect(entered?.error).toEqual({ number: ['tasks:error.notADocumentNumber'], subject: ['tasks:error.required'] })
    expect(entered?.initialValue).toMatchObject({ number: 'abc', notation: 'VPCP-TH' })
    expect((await open('clerk', taskId)).task.state).toBe('open')
  })

  it('is refused by the step in words, and comes back too', async () => {
    const documentId = await directed('Văn bản thời hạn lạ')
    const { taskId } = await taskOf('tmdtHead', documentId)
    const { status, data } = await send('tmdtHead', taskId, {
      outcome: 'assigned',
      specialistPost: who('tmdtSpecialist').viewer.postId,
      handlingDeadline: 'hôm kia',
      instruction: 'Tổng hợp',
    })
    const { entered, refusal } = data as SentBack
    expect(status).toBe(422)
    expect(refusal).toMatchObject({
      code: 'deadline-unreadable',
      fields: { handlingDeadline: { en: expect.any(String) as string } },
    })
    expect(entered?.initialValue).toMatchObject({ instruction: 'Tổng hợp' })
  })

  it('is done once, leads on, and home says who has it now and offers it back', async () => {
    const documentId = await arrive('Văn bản trình lãnh đạo')
    await fill('clerk', documentId, 'incoming.register', registration())
    const { taskId } = await taskOf('chief', documentId)
    const form = { key: randomUUID(), outcome: 'submitted', leaderPost: who('minister').viewer.postId }
    const first = await send('chief', taskId, form)
    const twice = await send('chief', taskId, form)
    expect([first.status, twice.status]).toEqual([302, 302])
    expect(first.to).toContain(`done=${taskId}`)

    const { done, waitedFor } = await home(asking('chief', `/?done=${taskId}`))
    expect(done).toMatchObject({ outcome: 'submitted', open: [{ person: { fullName: 'Người minister' } }] })
    expect(waitedFor.some((each) => each.documentId === documentId)).toBe(true)
    const row = (await given(asking('chief', '/given'))).cases.find((each) => each.documentId === documentId)
    expect(row).toMatchObject({ openCount: 1, subscriptionId: done?.subscriptionId })

    const back = await answerOf(
      takeBack(
        asking('chief', '/', { caseId: done!.caseId }, { key: randomUUID(), subscriptionId: done!.subscriptionId! }),
      ),
    )
    const mine = await taskOf('chief', documentId)
    expect(back).toMatchObject({ status: 302, to: `/tasks/${mine.taskId}?taken-back` })
  })

  it('that somebody else was quicker with says who it was; the page shows the task ended', async () => {
    const documentId = await arrive('Văn bản hai văn thư')
    const { taskId } = await taskOf('clerk', documentId)
    await fill('clerk2', documentId, 'incoming.register', registration())
    const { status, data } = await send('clerk', taskId, registration())
    expect(status).toBe(409)
    expect((data as SentBack).refusal).toMatchObject({
      code: 'task-ended',
      sentence: { vi: expect.stringContaining('Người clerk2') as string },
    })
    const page = await open('clerk', taskId)
    expect(page).toMatchObject({
      choices: null,
      task: { state: 'completed', mayAct: false, endedBy: { fullName: 'Người clerk2' } },
    })
  })
})

describe('a task in a queue', () => {
  it('is taken by one, is held for the others, and is put back', async () => {
    const documentId = await arrive('Văn bản trong hàng chờ')
    const { taskId } = await taskOf('clerk', documentId)
    await claim(asking('clerk', `/tasks/${taskId}/claim`, { taskId }, {}))
    expect((await open('clerk2', taskId)).task).toMatchObject({ mayAct: false, assignee: { fullName: 'Người clerk' } })
    expect((await home(asking('clerk2', '/?show=register'))).tasks.some((each) => each.taskId === taskId)).toBe(false)
    await release(asking('clerk', `/tasks/${taskId}/release`, { taskId }, {}))
    expect((await open('clerk2', taskId)).task.mayAct).toBe(true)
  })
})

describe('home', () => {
  it('filters by whose and by overdue, and only the registry has its queue', async () => {
    const documentId = await arrive('Văn bản quá hạn')
    const { taskId } = await taskOf('clerk', documentId)
    await db.sql`update tasks set due_at = now() - interval '1 day' where id = ${taskId}`
    await db.sql`update task_candidates set due_at = now() - interval '1 day' where task_id = ${taskId}`
    const overdue = await home(asking('clerk', '/?show=overdue'))
    expect(overdue.tasks).toHaveLength(overdue.counts.overdue)
    expect(overdue.tasks.map((each) => each.taskId)).toContain(taskId)
    expect((await home(asking('clerk', '/?show=mine'))).tasks.map((each) => each.taskId)).not.toContain(taskId)
    const queue = await home(asking('clerk', '/?show=register'))
    expect(queue.tasks.every((each) => each.formKey === 'incoming.register')).toBe(true)
    expect(queue.tasks).toHaveLength(queue.counts.toRegister)
    expect((await home(asking('pcHead', '/?show=register'))).view).toBe('all')
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { documentCompany, documentFacts } from '#db/documents.ts'
import { recordView } from '#db/document-views.ts'
import { monitorOf } from '#db/monitor.ts'
import { receivePaper, startNotice } from '#db/start-document.ts'
import { completeTask, inbox } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

let db: Database
let office: Record<string, OfficeMember>
const as = (name: string): Viewer => office[name]!.viewer
const content = (letter: string) => ({
  name: 'Bản quét.pdf',
  sha256: letter.repeat(64),
  size: 9,
  mediaType: 'application/pdf',
})

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
})
afterAll(() => db.close())

describe('a paper that was scanned', () => {
  it('waits to be registered as one document, also when its form is sent twice', async () => {
    const paper = { key: randomUUID(), subject: 'Công văn giấy', scan: content('a') }
    const first = await receivePaper(db, as('clerk'), paper)
    const again = await receivePaper(db, as('clerk'), paper)
    expect(again).toEqual(first)
    const waiting = (await inbox(db, as('clerk2'), { limit: 10 })).filter(
      (line) => line.documentId === first.documentId,
    )
    expect(waiting).toMatchObject([
      { taskId: first.registerTaskId, formKey: 'incoming.register', subject: 'Công văn giấy' },
    ])
    const facts = await documentFacts(db, as('clerk'), first.documentId)
    expect(facts).toMatchObject({ direction: 'incoming', state: 'received', source: 'paper' })
    expect((await documentCompany(db, as('clerk'), facts)).files).toMatchObject([
      { role: 'main', sha256: 'a'.repeat(64) },
    ])
    const { waiting: counted } = await monitorOf(db, as('monitor'))
    expect(counted).toMatchObject([
      { formKey: 'incoming.register', count: 1 },
      { formKey: 'incoming.submit', count: 0, oldestAt: null },
      { formKey: 'incoming.direct', count: 0 },
    ])
  })
})

describe('a new notice', () => {
  it('goes to the registry; once issued the Office sees which units have not opened it', async () => {
    const { documentId } = await startNotice(db, as('pcSpecialist'), {
      key: randomUUID(),
      subject: 'Kết luận giao ban',
      kindCode: 'TB',
      signerName: 'Người pcHead',
      signerPosition: 'Vụ trưởng',
      recipients: '- Các đơn vị trong Bộ (iMOIT);',
      recipientUnits: ['TMDT', 'XNK'],
      file: content('b'),
    })
    await expect(documentFacts(db, as('tmdtHead'), documentId)).rejects.toMatchObject({ status: 404 })
    expect((await monitorOf(db, as('monitor'))).notices).toEqual([])

    const [task] = (await inbox(db, as('clerk'), { limit: 10 })).filter((line) => line.documentId === documentId)
    await completeTask(db, as('clerk'), {
      taskId: task!.taskId,
      key: randomUUID(),
      outcome: 'issued',
      variables: { recipientUnits: ['TMDT', 'XNK'] },
    })
    expect(await documentFacts(db, as('tmdtHead'), documentId)).toMatchObject({ state: 'issued' })
    await recordView(db, as('tmdtHead'), documentId)
    const { notices } = await monitorOf(db, as('monitor'))
    expect(notices).toMatchObject([{ id: documentId, units: 2, unopened: [{ name: 'Cục Xuất nhập khẩu' }] }])

    await recordView(db, as('xnkSpecialist'), documentId)
    expect((await monitorOf(db, as('monitor'))).notices).toEqual([])
  })
})

describe('the load of the units', () => {
  it('counts what is late, due soon and open, the latest first', async () => {
    const add = (unit: string, hours: number | null, state = 'processing') => db.sql`
      insert into documents (direction, state, source, subject, agency_name, received_at, due_at, unit_id, search, created_at)
      values ('incoming', ${state}, 'paper', 'x', '', now(), now() + ${hours} * interval '1 hour', ${as(unit).unitId}, '', now())`
    await Promise.all([
      add('pcHead', -30),
      add('pcHead', 30),
      add('pcHead', null),
      add('xnkHead', 300),
      add('xnkHead', -5, 'closed'),
    ])
    const { units } = await monitorOf(db, as('chief'))
    expect(units.filter((unit) => unit.unitCode !== null)).toMatchObject([
      { unitCode: 'PC', open: 3, overdue: 1, dueSoon: 1 },
      { unitCode: 'XNK', open: 1, overdue: 0, dueSoon: 0, worstDueAt: null },
    ])
  })
})

import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import exceljs from 'exceljs'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fireTimer } from '#db/case-work.ts'
import { addOwnDraftVersion } from '#db/drafted-documents.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { loader as documentPage } from '../routes/_app.documents.$documentId.tsx'
import { loader as internal } from '../routes/_app.documents.internal.tsx'
import { loader as opinionsPage } from '../routes/_app.documents.$documentId_.opinions.tsx'
import { loader as prints } from '../routes/_app.documents.$documentId_.prints.$file.ts'
import { action as beginRequest, loader as newRequest } from '../routes/_app.opinions.new.tsx'
import { action as beginSlip, loader as newSlip } from '../routes/_app.slips.new.tsx'
import type { SentBack } from '../tasks/entered.tsx'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let fill: OfficeAtWork['fill']
let taskOf: OfficeAtWork['taskOf']
beforeAll(async () => {
  office = await officeAtWork()
  ;({ db, fill, taskOf } = office)
})
afterAll(() => office.close())

const pdf = (name = 'Dự thảo.pdf') => new File([`%PDF-1.7\n${randomUUID()}`], name, { type: 'application/pdf' })
function formOf(entered: Record<string, string | string[]>, files: Record<string, File[]>): FormData {
  const form = new FormData()
  for (const [name, values] of Object.entries(entered)) for (const one of [values].flat()) form.append(name, one)
  for (const [name, list] of Object.entries(files)) for (const file of list) form.append(name, file)
  return form
}
const idIn = (to: string | null) => /^\/documents\/(.+)$/.exec(to ?? '')![1]!
const stateOf = async (id: string) =>
  (await db.sql<{ state: string }[]>`select state from documents where id = ${id}`)[0]!.state
const print = (name: string, id: string, file: string) =>
  answerOf(prints(office.asking(name, `/documents/${id}/prints/${file}`, { documentId: id, file })))
async function textOf(response: Response | null): Promise<string> {
  const data = new Uint8Array(await buffer(response!.body as unknown as AsyncIterable<Uint8Array>))
  const document = await getDocument({ data, verbosity: 0 }).promise
  const { items } = await (await document.getPage(1)).getTextContent()
  await document.destroy()
  return items
    .map((item) => ('str' in item ? item.str : ''))
    .join(' ')
    .replace(/\s+/g, ' ')
}

describe('a submission slip', () => {
  const sendSlip = (more: Record<string, string> = {}, files: Record<string, File[]> = {}) =>
    answerOf(
      beginSlip(
        office.asking(
          'tmdtSpecialist',
          '/slips/new',
          {},
          formOf(
            {
              key: randomUUID(),
              subject: 'Xin chủ trương tổ chức Ngày mua sắm trực tuyến',
              proposal: 'Đề nghị Bộ đồng ý chủ trương.\r\nKinh phí xã hội hóa.',
              leaderPost: office.who('deputy').viewer.postId,
              viaOffice: 'on',
              ...more,
            },
            files,
          ),
        ),
      ),
    )

  it('goes to the head, the Office and the leader, comes back decided, and is printed with what everybody said', async () => {
    const id = idIn((await sendSlip({}, { draft: [pdf()], attachments: [pdf('Phụ lục.pdf'), pdf('Dự toán.pdf')] })).to)
    const sha256 = (await draftVersions(db, id))[0]!.sha256
    await fill('tmdtHead', id, 'slip.review', { outcome: 'approved', note: 'Nhất trí với chuyên viên', sha256 })
    await fill('chief', id, 'slip.office', { outcome: 'forwarded', note: 'Kinh phí cần Vụ Tài chính xem', sha256 })
    await fill('deputy', id, 'slip.decide', { outcome: 'directed', opinion: 'Tổ chức tại hai thành phố', sha256 })

    expect(await stateOf(id)).toBe('closed')
    const [told] = await db.sql<{ input: Record<string, unknown> }[]>`
      select input from calls k join documents d on d.case_id = k.case_id where d.id = ${id} and service_type = 'letter.decided'`
    expect(told?.input).toMatchObject({ outcome: 'directed', opinion: 'Tổ chức tại hai thành phố' })
    const { response } = await print('tmdtSpecialist', id, 'slip.pdf')
    expect(response?.headers.get('content-type')).toBe('application/pdf')
    const words = await textOf(response)
    for (const said of [
      'PHIẾU TRÌNH GIẢI QUYẾT CÔNG VIỆC',
      'Người deputy',
      'Kinh phí xã hội hóa.',
      'Phụ lục.pdf',
      'Nhất trí với chuyên viên',
      'Kinh phí cần Vụ Tài chính xem',
      'Tổ chức tại hai thành phố',
    ])
      expect(words).toContain(said)
  })

  it('needs no file, and no Office where it is not asked', async () => {
    const id = idIn((await sendSlip({ viaOffice: '' })).to)
    await fill('tmdtHead', id, 'slip.review', { outcome: 'approved' })
    await fill('deputy', id, 'slip.decide', { outcome: 'agreed' })
    expect(await stateOf(id)).toBe('closed')
  })

  it('is revised in other words and with another draft after it was returned, and decided on as shown only', async () => {
    const id = idIn((await sendSlip({ viaOffice: '' }, { draft: [pdf()] })).to)
    const first = (await draftVersions(db, id))[0]!.sha256
    await fill('tmdtHead', id, 'slip.review', { outcome: 'returned', reason: 'Nêu rõ nguồn kinh phí' })
    const { taskId } = await taskOf('tmdtSpecialist', id, 'slip.revise')
    const next = { name: 'Dự thảo 2.pdf', sha256: 'b'.repeat(64), size: 3, mediaType: 'application/pdf' }
    await addOwnDraftVersion(db, office.who('tmdtSpecialist').viewer, { taskId, ...next })
    await fill('tmdtSpecialist', id, 'slip.revise', {
      outcome: 'submitted',
      subject: 'Xin chủ trương',
      proposal: 'Kinh phí từ nguồn xã hội hóa',
    })
    const { facts } = await documentPage(office.asking('tmdtHead', `/documents/${id}`, { documentId: id }))
    expect(facts).toMatchObject({ subject: 'Xin chủ trương', note: 'Kinh phí từ nguồn xã hội hóa' })
    await expect(fill('tmdtHead', id, 'slip.review', { outcome: 'approved', sha256: first })).rejects.toMatchObject({
      code: 'draft-changed',
    })
    await fill('tmdtHead', id, 'slip.review', { outcome: 'approved', sha256: next.sha256 })
  })

  it('stands in the list of internal documents under its own name', async () => {
    const id = idIn((await sendSlip()).to)
    const { rows } = await internal(office.asking('tmdtHead', '/documents/internal'))
    expect(rows.find((row) => row.id === id)).toMatchObject({ kindName: 'Phiếu trình', kindNameEn: 'Submission slip' })
  })

  it('is withdrawn by its author', async () => {
    const id = idIn((await sendSlip()).to)
    await fill('tmdtHead', id, 'slip.review', { outcome: 'returned', reason: 'Chưa đến thời điểm trình' })
    await fill('tmdtSpecialist', id, 'slip.revise', { outcome: 'withdrawn', reason: 'Sẽ trình vào quý sau' })
    expect(await stateOf(id)).toBe('withdrawn')
    const { facts } = await documentPage(office.asking('tmdtHead', `/documents/${id}`, { documentId: id }))
    expect(facts.note).toContain('Kinh phí xã hội hóa.')
  })

  it('is nobody else’s to see or print, and what is no slip cannot be printed as one', async () => {
    const id = idIn((await sendSlip()).to)
    expect((await print('xnkHead', id, 'slip.pdf')).status).toBe(404)
    expect((await print('tmdtHead', id, 'opinions.pdf')).status).toBe(404)
    expect((await print('tmdtHead', id, 'anything.exe')).status).toBe(404)
    const notice = await office.arrive('Không phải phiếu trình')
    expect((await print('clerk', notice, 'slip.pdf')).status).toBe(404)
  })

  it('says what is missing, and is only for those who draft', async () => {
    const { status, data } = await sendSlip({ proposal: '' })
    expect([status, Object.keys((data as SentBack).entered?.error ?? {})]).toEqual([422, ['proposal']])
    expect((await answerOf(newSlip(office.asking('clerk', '/slips/new')))).status).toBe(403)
  })
})

describe('a request for opinions', () => {
  const ask = async (more: Record<string, string | string[]> = {}) =>
    answerOf(
      beginRequest(
        office.asking(
          'tmdtSpecialist',
          '/opinions/new',
          {},
          formOf(
            {
              key: randomUUID(),
              subject: 'Dự thảo Thông tư về sàn giao dịch',
              question: 'Đề nghị cho ý kiến về Điều 5',
              opinionUnits: ['PC', 'XNK', 'VP'],
              opinionDeadline: '3 ngày',
              ...more,
            },
            { file: [pdf()] },
          ),
        ),
      ),
    )
  const closeAtDeadline = async (id: string) => {
    const [timer] = await db.sql<{ caseId: string; timerId: string; occurrence: number }[]>`
      update timers t set due_at = now() - interval '1 minute' from documents d
      where d.id = ${id} and t.case_id = d.case_id and t.element_id = 'deadlinePassed'
      returning t.case_id as "caseId", timer_id as "timerId", occurrence`
    await fireTimer(db, timer!)
  }

  it('gathers what every unit says into one table, to be read, taken and printed', async () => {
    const id = idIn((await ask()).to)
    await fill('pcHead', id, 'opinion.answer', {
      outcome: 'disagreed',
      opinionText: 'Điều 5 trái Luật Giao dịch điện tử',
    })
    await fill('xnkHead', id, 'opinion.answer', {
      outcome: 'assigned',
      opinionPost: office.who('xnkSpecialist').viewer.postId,
    })
    await fill('xnkSpecialist', id, 'opinion.write', { outcome: 'agreed' })
    await closeAtDeadline(id)
    await fill('tmdtSpecialist', id, 'opinion.close', { outcome: 'closed', note: 'Văn phòng không có ý kiến khác' })
    await expect(taskOf('chief', id)).rejects.toThrow('has no task')
    await fill('tmdtSpecialist', id, 'opinion.conclude', {
      outcome: 'concluded',
      synthesis: 'Tiếp thu ý kiến của Vụ Pháp chế',
    })
    expect(await stateOf(id)).toBe('closed')

    const table = await opinionsPage(office.asking('pcHead', `/documents/${id}/opinions`, { documentId: id }))
    expect(table.lines.map((line) => [line.unitCode, line.state, line.outcome, line.opinion, line.fullName])).toEqual([
      ['VP', 'cancelled', null, null, null],
      ['PC', 'completed', 'disagreed', 'Điều 5 trái Luật Giao dịch điện tử', 'Người pcHead'],
      ['XNK', 'completed', 'agreed', null, 'Người xnkSpecialist'],
    ])
    expect(table.synthesis).toMatchObject({ text: 'Tiếp thu ý kiến của Vụ Pháp chế' })

    const words = await textOf((await print('pcHead', id, 'opinions.pdf')).response)
    for (const said of ['BẢNG TỔNG HỢP Ý KIẾN', 'Không đồng ý', 'Không trả lời', 'Tiếp thu ý kiến của Vụ Pháp chế'])
      expect(words).toContain(said)
    const { response } = await print('pcHead', id, 'opinions.xlsx')
    const book = new exceljs.Workbook()
    await book.xlsx.load(await response!.arrayBuffer())
    const rows = book.worksheets[0]!.getSheetValues().slice(1) as unknown[][]
    expect(rows.map((row) => row[2])).toEqual(['Ý kiến', 'Không trả lời', 'Không đồng ý', 'Đồng ý'])
  })

  it('tells the late units and who asked, at the deadline', async () => {
    const id = idIn((await ask()).to)
    await closeAtDeadline(id)
    const [chased] = await db.sql<{ input: Record<string, unknown> }[]>`
      select input from calls k join documents d on d.case_id = k.case_id where d.id = ${id} and service_type = 'letter.chase'`
    expect(chased?.input).toMatchObject({
      about: 'opinions-late',
      to: `post:${office.who('tmdtSpecialist').viewer.postId}`,
    })
  })

  it('is not there for a unit that was not asked, and asks at least one', async () => {
    const id = idIn((await ask({ opinionUnits: ['PC'] })).to)
    const opinionsOf = (name: string) =>
      answerOf(opinionsPage(office.asking(name, `/documents/${id}/opinions`, { documentId: id })))
    expect((await opinionsOf('xnkHead')).status).toBe(404)
    expect((await opinionsOf('pcHead')).status).toBe(200)
    const { status, data } = await ask({ opinionUnits: [] })
    expect([status, Object.keys((data as SentBack).entered?.error ?? {})]).toEqual([422, ['opinionUnits']])
    expect((await answerOf(newRequest(office.asking('clerk', '/opinions/new')))).status).toBe(403)
  })
})

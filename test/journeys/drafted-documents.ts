import path from 'node:path'
import { expect } from 'vitest'
import { letterPaper } from '#app/print/letter-paper.ts'
import { readEdxml } from '#exchange/edxml/read.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'
import type { Person } from './person.ts'

const OUTGOING = 'V/v kết nối hệ thống dịch vụ công trực tuyến với Cổng dịch vụ công quốc gia'
const SLIP = 'Xin chủ trương mở rộng dịch vụ công mức độ toàn trình'
const REQUEST = 'Dự thảo Quy chế khai thác dữ liệu dịch vụ công'

/** What the author writes; `remark` makes one version differ from another. */
const draftPdf = (remark: string) =>
  letterPaper({
    agency: 'Bộ Công Thương',
    number: null,
    notation: 'BCT-TMĐT',
    place: 'Hà Nội',
    date: null,
    kindName: null,
    subject: 'kết nối hệ thống dịch vụ công trực tuyến',
    urgency: 0,
    addressees: ['Văn phòng Chính phủ'],
    body: ['Bộ Công Thương đề nghị Văn phòng Chính phủ hướng dẫn kết nối.', remark],
    signer: { position: ['KT. BỘ TRƯỞNG', 'THỨ TRƯỞNG'], fullName: 'Khương Bảo Thạch' },
    recipients: ['Như trên', 'Lưu: VT, TMĐT'],
  })
const asFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer })

/** Ticks units of a field that is folded at first. */
async function ask(person: Person, field: string, ...units: string[]): Promise<void> {
  const box = person.page.locator('fieldset', { has: person.page.locator(`input[name=${field}]`) })
  const details = box.locator('details')
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click()
  for (const unit of units) await box.locator(`input[value="${unit}"]`).check()
}

/** Documents that begin in the ministry: an outgoing one, a submission slip, a request for opinions. */
export function draftedDocuments(theOffice: () => Office): void {
  const it = journey(theOffice)
  let documentPage = ''

  it('begins as a draft that a specialist hands in, with two units asked', async () => {
    const author = await theOffice().person('tmdt.cv')
    const { page } = author
    await page.goto('/documents/outgoing')
    await page.locator('a[href="/outgoing/new"]').click()
    await page.waitForURL('**/outgoing/new')
    const form = page.locator('form.entry-form')
    await form.locator('[name=subject]').fill(OUTGOING)
    await form.locator('[name=leaderPost]').selectOption({ label: 'Thứ trưởng Khương Bảo Thạch' })
    await form.locator('[name=recipients]').fill('- Như trên;\n- Lưu: VT, TMĐT.')
    const agencies = page.locator('fieldset', { has: page.locator('input[name=recipientAgencies]') })
    await agencies.locator('summary').click()
    await agencies.locator('input[value="000.00.00.G22"]').check()
    await ask(author, 'opinionUnits', 'PC', 'VITIC')
    await form.locator('[name=opinionDeadline]').fill('2 ngày')
    await form.locator('[name=legalCheck]').check()

    // Without its file it stays, and says so beside the field.
    await form.locator('button[data-primary]').click()
    await form.locator('[aria-invalid=true][name=file]').waitFor()
    await form.locator('[name=file]').setInputFiles(asFile('Dự thảo.pdf', await draftPdf('Bản một.')))
    await form.locator('button[data-primary]').click()
    await page.waitForURL('**/documents/*')
    documentPage = page.url()
    await page.locator('main h1', { hasText: OUTGOING }).waitFor()
    expect(await author.marked('active')).toContain('answer')
  })

  it('is agreed to by one unit and disagreed with by another’s specialist', async () => {
    const lawyers = await theOffice().person('pc.truong')
    await lawyers.open(OUTGOING)
    await lawyers.decide('agreed')

    const centre = await theOffice().person('vitic.truong')
    await centre.open(OUTGOING)
    // Disagreement needs its words.
    await centre.form.locator('button[name=outcome][value=disagreed]').click()
    await centre.form.locator('[name=opinionText][aria-invalid=true]').waitFor()
    await centre.field('opinionText').fill('Hạ tầng của Trung tâm chưa sẵn sàng trong quý này.')
    await centre.decide('disagreed')
  })

  it('is returned by the head, revised, approved, and passes the checks of the Office and the Legal Department', async () => {
    const head = await theOffice().person('tmdt.truong')
    await head.open(OUTGOING, { ask: 'Duyệt dự thảo' })
    expect(await head.form.textContent()).toContain('Hạ tầng của Trung tâm chưa sẵn sàng')
    await head.decide('returned', () => head.field('reason').fill('Nêu lộ trình theo ý kiến của Trung tâm.'))

    const author = await theOffice().person('tmdt.cv')
    await author.open(OUTGOING)
    await author.page
      .locator('input[name=draft]')
      .setInputFiles(asFile('Dự thảo 2.pdf', await draftPdf('Lộ trình: hai giai đoạn.')))
    await author.page.locator('form:has(input[name=draft]) button[type=submit]').click()
    await author.page.locator('.draft-line[data-newest]', { hasText: 'Dự thảo 2.pdf' }).waitFor()
    await author.decide('submitted')

    await head.open(OUTGOING, { ask: 'Duyệt dự thảo' })
    expect(await head.field('legalCheck').isChecked()).toBe(true)
    await head.decide('approved')
    const office = await theOffice().person('vp.cv')
    await office.open(OUTGOING)
    await office.decide('approved')
    const lawyer = await theOffice().person('pc.cv')
    await lawyer.open(OUTGOING)
    await lawyer.decide('approved')
  })

  it('is signed by the leader, sealed and numbered by the clerk, and reaches the Government Office', async () => {
    const { governmentOffice } = theOffice().ministry
    const leader = await theOffice().person('thutruong1')
    await leader.open(OUTGOING)
    await leader.field('pin').fill(DEMONSTRATION_PIN)
    await leader.decide('signed')

    const clerk = await theOffice().person('vanthu')
    await clerk.open(OUTGOING)
    expect(await clerk.field('subject').inputValue()).toBe(OUTGOING)
    expect(await clerk.form.locator('input[name=recipientAgencies]:checked').getAttribute('value')).toBe(
      '000.00.00.G22',
    )
    await clerk.field('pin').fill(DEMONSTRATION_PIN)
    const said = await clerk.decide('dispatched')
    const code = /\d+\/BCT-TMĐT/.exec(said)?.[0] ?? ''
    expect(code).toMatch(/^\d{2,}\/BCT-TMĐT$/)

    const received = await until('the Government Office has it', async () => {
      for (const waiting of await governmentOffice.listReceived({ messageType: 'edoc' })) {
        const { message } = await readEdxml(await governmentOffice.download(waiting.docId))
        await governmentOffice.acknowledge(waiting.docId, 'done')
        if (message.kind === 'document' && message.subject === OUTGOING) return message
      }
      return null
    })
    expect(`${received.code.number}/${received.code.notation}`).toBe(code)

    await clerk.page.goto(documentPage)
    await until('the flow has come to its end', async () => {
      await clerk.page.reload()
      return (await clerk.marked('done')).includes('kept')
    })
    expect(await clerk.page.locator('main').textContent()).toContain('Đã phát hành')
  })

  it('a slip is decided by the minister, and its author is told by letter and can print it', async () => {
    const author = await theOffice().person('tmdt.cv')
    const { page } = author
    await page.goto('/slips/new')
    const form = page.locator('form.entry-form')
    await form.locator('[name=subject]').fill(SLIP)
    await form.locator('[name=proposal]').fill('Đề nghị đồng ý chủ trương.\nKinh phí trong dự toán.')
    await form.locator('[name=viaOffice]').uncheck()
    await form.locator('button[data-primary]').click()
    await page.waitForURL('**/documents/*')
    const slipPage = page.url()

    const head = await theOffice().person('tmdt.truong')
    await head.open(SLIP)
    expect(await head.form.textContent()).toContain('Kinh phí trong dự toán.')
    await head.decide('approved')
    const minister = await theOffice().person('botruong')
    await minister.open(SLIP)
    await minister.field('opinion').fill('Làm thí điểm tại hai lĩnh vực.')
    await minister.decide('directed')

    await until('the author has the letter', async () => {
      await page.goto('/mail')
      return (await page.locator('.mail-row', { hasText: 'Kết quả phiếu trình' }).filter({ hasText: SLIP }).count()) > 0
    })
    await page.goto(slipPage)
    expect(await page.locator('main').textContent()).toContain('Làm thí điểm tại hai lĩnh vực.')
    const printed = await page.request.get(`${new URL(slipPage).pathname}/prints/slip.pdf`)
    expect([printed.status(), (await printed.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
  })

  it('a request for opinions comes back as one table, to be taken as a spreadsheet', async () => {
    const author = await theOffice().person('tmdt.cv')
    const { page } = author
    await page.goto('/opinions/new')
    const form = page.locator('form.entry-form')
    await form.locator('[name=subject]').fill(REQUEST)
    await form.locator('[name=question]').fill('Đề nghị cho ý kiến về Điều 4.')
    await ask(author, 'opinionUnits', 'PC', 'KHCN')
    await form.locator('[name=file]').setInputFiles(asFile('Quy chế.pdf', await draftPdf('Quy chế.')))
    await form.locator('button[data-primary]').click()
    await page.waitForURL('**/documents/*')
    const requestPage = new URL(page.url()).pathname

    const lawyers = await theOffice().person('pc.truong')
    await lawyers.open(REQUEST)
    await lawyers.field('opinionText').fill('Bổ sung căn cứ Luật Dữ liệu.')
    await lawyers.decide('commented')
    const science = await theOffice().person('khcn.truong')
    await science.open(REQUEST)
    await science.decide('agreed')

    await author.open(REQUEST, { ask: 'Tổng hợp' })
    expect(await author.form.locator('.opinion-table').textContent()).toContain('Bổ sung căn cứ Luật Dữ liệu.')
    await author.field('synthesis').fill('Tiếp thu ý kiến của Vụ Pháp chế.')
    await author.decide('concluded')
    await page.goto(`${requestPage}/opinions`)
    expect(await page.locator('main').textContent()).toContain('Tiếp thu ý kiến của Vụ Pháp chế.')
    const [taken] = await Promise.all([page.waitForEvent('download'), page.locator('a', { hasText: '.xlsx' }).click()])
    expect(path.extname(taken.suggestedFilename())).toBe('.xlsx')
  })
}

import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { authorityFolder } from '#app/demonstration/certificates.ts'
import { readEdxml } from '#exchange/edxml/read.ts'
import { DEMONSTRATION_PIN, keptAuthority } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { MINISTRY_ORGAN } from '#test/fixtures/running-ministry.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'
import { replyPdf, wordFile } from './papers.ts'

const CODE = '4711/VPCP-KSTT'
const NEXT_CODE = '4712/VPCP-KSTT'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** From the Government Office's node to the closed case, everybody at a window of their own. */
export function letterAnswered(theOffice: () => Office): void {
  let documentId = ''
  let letterDate = ''
  let signedFile: Buffer
  let replyCode = ''
  let arrivalNumber = 0
  let documentPage = ''

  const it = journey(theOffice)

  const statuses = async () => {
    const [sent] = await theOffice().ministry.governmentOffice.listSent({ documentId })
    return sent?.statuses.map(({ statusCode }) => statusCode) ?? []
  }
  const reported = (code: string) =>
    until(`the node has status ${code}`, async () => (await statuses()).includes(code), 15_000)

  it('stands in the ministry clerk’s queue within five seconds, with its PDF', async () => {
    const { governmentOffice } = theOffice().ministry
    const clerk = await theOffice().person('vanthu')
    const { message, edxml } = await demonstrationLetter(Date.now(), '4711')
    documentId = message.documentId
    letterDate = message.promulgation.date ?? ''

    await governmentOffice.send(edxml, { messageType: 'edoc' })
    const sentAt = performance.now()
    await clerk.waiting(CODE, { limit: 5_000 })
    expect(performance.now() - sentAt).toBeLessThan(5_000)

    await clerk.page.goto('/?show=register')
    await clerk.page.locator('tbody tr', { hasText: CODE }).locator('.row-link').click()
    await clerk.page.waitForURL('**/tasks/*')
    expect(await clerk.pdfDots()).toBeGreaterThan(500)
    await reported('01')
  })

  it('is registered by the clerk from prefilled fields, with the next number of the book', async () => {
    const clerk = await theOffice().person('vanthu')
    const filled = async (name: string) => clerk.field(name).inputValue()
    expect({
      number: await filled('number'),
      notation: await filled('notation'),
      agency: await filled('agencyName'),
      agencyCode: await filled('agencyCode'),
      issuedOn: await filled('issuedOn'),
      kind: await filled('kindCode'),
      subject: await filled('subject'),
      urgency: await filled('urgency'),
      signer: await filled('signerName'),
      pages: await filled('pageCount'),
    }).toEqual({
      number: '4711',
      notation: 'VPCP-KSTT',
      agency: 'Văn phòng Chính phủ',
      agencyCode: '000.00.00.G22',
      issuedOn: letterDate,
      kind: 'CV',
      subject: 'V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến của Bộ Công Thương',
      urgency: '1',
      signer: 'Vũ Thành Kha',
      pages: '1',
    })

    const said = await clerk.decide('registered')
    expect(said).toContain(CODE)
    arrivalNumber = numberIn(said)
    documentPage = (await clerk.page.locator('.done-banner a').first().getAttribute('href')) ?? ''
    await reported('03')
  })

  it('is submitted by the Chief of Office and directed by a leader', async () => {
    const chief = await theOffice().person('chanhvp')
    await chief.open(CODE)
    await chief.form.getByRole('radio', { name: 'Khương Bảo Thạch' }).check()
    await chief.field('proposal').fill('Giao Cục TMĐT chủ trì, phối hợp với Vụ Pháp chế và Cục XNK trả lời.')
    await chief.decide('submitted')

    const leader = await theOffice().person('thutruong1')
    await leader.open(CODE)
    expect(await leader.form.textContent()).toContain('Giao Cục TMĐT chủ trì')
    await leader.choose('leadUnit', 'TMDT')
    await leader.choose('coordinatingUnits', 'PC')
    await leader.choose('coordinatingUnits', 'XNK')
    await leader.choose('informationUnits', 'VP')
    await leader.field('deadline').fill('5 ngày')
    await leader.field('opinion').fill('Cục TMĐT khẩn trương dự thảo, trình trước thứ Sáu.')
    await leader.decide('directed')
    await reported('04')
  })

  it('is drafted by a specialist while two units give their opinions', async () => {
    const head = await theOffice().person('tmdt.truong')
    await head.open(CODE, { ask: 'Phân công' })
    await head.chooseColleague('specialistPost', 'Kim Trí Dũng')
    await head.field('handlingDeadline').fill('3 ngày')
    await head.decide('assigned')
    await reported('05')

    const lawyers = await theOffice().person('pc.truong')
    await lawyers.open(CODE)
    await lawyers.field('opinionText').fill('Thống nhất; đề nghị dẫn Nghị định 43/2011/NĐ-CP.')
    await lawyers.decide('given')

    const customs = await theOffice().person('xnk.truong')
    await customs.open(CODE)
    await customs.decide('assigned', () => customs.chooseColleague('opinionPost', 'Thái Xuân Ngạn'))
    const expert = await theOffice().person('xnk.cv')
    await expert.open(CODE)
    await expert.field('opinionText').fill('Số hồ sơ C/O điện tử: khoảng 600.000 bộ mỗi năm.')
    await expert.decide('given')

    const specialist = await theOffice().person('tmdt.cv')
    await specialist.open(CODE)
    expect(await specialist.form.textContent()).toContain('600.000 bộ')
    await upload(specialist, 'Du thao.docx', await wordFile('Kính gửi: Văn phòng Chính phủ', 'Bộ Công Thương báo cáo.'))
    // As it was written, or the PDF that the server makes of it.
    await specialist.page.locator('.draft-line[data-newest]', { hasText: /Du thao\.(docx|pdf)/ }).waitFor()
    await upload(specialist, 'Dự thảo 2.pdf', await replyPdf({ code: CODE, date: letterDate }, 'Bản thứ hai.'))
    await specialist.page.locator('.draft-line[data-newest]', { hasText: 'Dự thảo 2.pdf' }).waitFor()
    await specialist.decide('submitted')
  })

  it('comes back from the head with a reason and is approved when it was revised', async () => {
    const head = await theOffice().person('tmdt.truong')
    await head.open(CODE, { ask: 'Duyệt dự thảo' })
    await head.decide('returned', () => head.field('reason').fill('Cần nêu rõ số dịch vụ chưa tích hợp và lộ trình.'))

    const specialist = await theOffice().person('tmdt.cv')
    await specialist.open(CODE)
    expect(await specialist.page.locator('main').textContent()).toContain('số dịch vụ chưa tích hợp và lộ trình')
    signedFile = await replyPdf({ code: CODE, date: letterDate }, 'Đã bổ sung lộ trình tích hợp.')
    await upload(specialist, 'Dự thảo 3.pdf', signedFile)
    await specialist.page.locator('.draft-line[data-newest]', { hasText: 'Dự thảo 3.pdf' }).waitFor()
    await specialist.decide('submitted')

    await head.open(CODE, { ask: 'Duyệt dự thảo' })
    expect(await head.field('sha256').inputValue()).toBe(sha256(signedFile))
    await head.decide('approved')
  })

  it('is signed by the leader on exactly that version, not with a wrong PIN', async () => {
    const leader = await theOffice().person('thutruong1')
    await leader.open(CODE)
    expect(await leader.field('sha256').inputValue()).toBe(sha256(signedFile))
    expect(await leader.page.locator('.decided-version').textContent()).toContain(sha256(signedFile).slice(0, 12))
    expect(await leader.pdfDots()).toBeGreaterThan(500)
    expect(await leader.form.textContent()).toContain('KT. BỘ TRƯỞNG')
    await leader.field('pin').fill('khong-dung')
    await leader.form.locator('button[name=outcome][value=signed]').click()
    await leader.form.getByRole('alert').filter({ hasText: 'mật khẩu sai' }).waitFor()
    await leader.field('pin').fill(DEMONSTRATION_PIN)
    await leader.decide('signed')
  })

  it('is sealed, numbered and dispatched by the clerk: to the Government Office, and to the units by mail', async () => {
    const { governmentOffice } = theOffice().ministry
    const clerk = await theOffice().person('vanthu')
    await clerk.open(CODE)
    await clerk.field('pin').fill(DEMONSTRATION_PIN)
    const said = await clerk.decide('dispatched')
    replyCode = /\d+\/BCT-TMĐT/.exec(said)?.[0] ?? ''
    expect(replyCode).toMatch(/^\d{2,}\/BCT-TMĐT$/)

    const received = await until('the Government Office has the reply', async () => {
      const [waiting] = await governmentOffice.listReceived({ messageType: 'edoc' })
      return waiting
    })
    const { message } = await readEdxml(await governmentOffice.download(received.docId))
    await governmentOffice.acknowledge(received.docId, 'done')
    if (message.kind !== 'document') throw new Error('the reply is no document')
    expect(`${message.code.number}/${message.code.notation}`).toBe(replyCode)
    expect(message.from.organId).toBe(MINISTRY_ORGAN)
    expect(message.responseFor.map((about) => about.documentId)).toEqual([documentId])
    const [sent] = message.attachments
    // What was signed is the version that was shown: its bytes stand unchanged before what the signatures added.
    expect(
      Buffer.from(sent?.content ?? [])
        .subarray(0, signedFile.length)
        .equals(signedFile),
    ).toBe(true)
    const { authority } = await keptAuthority(authorityFolder(theOffice().ministry.dataFolder))
    const report = await verifyPdf(sent?.content ?? Buffer.alloc(0), { trust: authority.trust() })
    expect(report.signatures.map(({ role, verdict, signer }) => [role, verdict, signer?.name])).toEqual([
      ['person', 'valid', 'Khương Bảo Thạch'],
      ['organisation', 'valid', 'Bộ Công Thương (TEST)'],
    ])
    await reported('06')

    for (const username of ['pc.truong', 'xnk.truong', 'chanhvp']) {
      const { page } = await theOffice().person(username)
      await until(`${username} has the letter`, async () => {
        await page.goto('/mail')
        return (await page.locator('.mail-row', { hasText: replyCode }).count()) > 0
      })
    }
    // The bell says so on every page, and leads to it.
    const { page } = await theOffice().person('xnk.truong')
    await page.goto('/')
    await page.locator('.bell > summary').click()
    await page.locator('.bell-letter', { hasText: replyCode }).click()
    await page.waitForURL(/\/mail\/[0-9a-f-]{36}/)
    await page.getByRole('heading', { level: 1, name: new RegExp(replyCode) }).waitFor()
  })

  it('is closed: both documents linked, and the flow at its end', async () => {
    const clerk = await theOffice().person('vanthu')
    const { page } = clerk
    await page.goto(documentPage)
    const reply = page.locator('main a[href^="/documents/"]', { hasText: replyCode })
    expect(await page.locator('main').textContent()).toContain('Đã hoàn thành')
    expect(await clerk.marked('done')).toContain('closed')
    expect(await clerk.marked('active')).toEqual([])

    await reply.first().click()
    await page.locator('main a', { hasText: CODE }).first().waitFor()
    expect(await page.locator('main').textContent()).toContain(sha256(signedFile).slice(0, 12))
    expect(await statuses()).toEqual(['01', '03', '04', '05', '06'])
  })

  it('stands in the year’s book under the number it got, and the next letter gets the next one', async () => {
    const { governmentOffice } = theOffice().ministry
    const { edxml } = await demonstrationLetter(Date.now(), '4712')
    await governmentOffice.send(edxml, { messageType: 'edoc' })
    const clerk = await theOffice().person('vanthu')
    await clerk.open(NEXT_CODE)
    expect(numberIn(await clerk.decide('registered'))).toBe(arrivalNumber + 1)

    await clerk.page.goto('/registers/incoming')
    const entry = clerk.page.locator('tr', { hasText: CODE })
    expect((await entry.locator('td, th').allTextContents()).map((cell) => cell.trim())).toContain(
      String(arrivalNumber),
    )
  })

  it('is taken back by the sender while nobody has begun, and returned by a unit it does not concern', async () => {
    const chief = await theOffice().person('chanhvp')
    await chief.open(NEXT_CODE)
    await chief.form.getByRole('radio', { name: 'Tống Lệ Quyên' }).check()
    await chief.decide('submitted')
    await chief.page.locator('.done-banner .take-back').click()
    await chief.page.waitForURL(/taken-back/)
    await chief.form.getByRole('radio', { name: 'Nghiêm Xuân Trạch' }).check()
    await chief.decide('submitted')

    const leader = await theOffice().person('thutruong3')
    await leader.open(NEXT_CODE)
    await leader.choose('leadUnit', 'KHCN')
    await leader.field('deadline').fill('5 ngày')
    await leader.decide('directed')

    const reason = 'Nội dung này thuộc Cục Thương mại điện tử và Kinh tế số.'
    const head = await theOffice().person('khcn.truong')
    await head.open(NEXT_CODE)
    await head.decide('returned', () => head.field('reason').fill(reason))
    await leader.open(NEXT_CODE)
    expect(await leader.page.locator('main').textContent()).toContain(reason)
  })
}

/** "Đã vào sổ, số đến 63:" */
const numberIn = (said: string): number => Number(/số đến (\d+)/.exec(said)?.[1])

async function upload(specialist: { page: Page }, name: string, bytes: Buffer): Promise<void> {
  const { page } = specialist
  const mimeType = name.endsWith('.pdf')
    ? 'application/pdf'
    : 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  await page.locator('input[name=draft]').setInputFiles({ name, mimeType, buffer: bytes })
  await page.locator('form:has(input[name=draft]) button[type=submit]').click()
}

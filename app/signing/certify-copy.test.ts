import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keptTrust } from '#db/trust.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { answerOf } from '#test/fixtures/office-at-work.ts'
import { pdfText } from '#test/fixtures/pdf-text.ts'
import { replyPaper, signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { action as certify, loader as page } from '../routes/_app.documents.$documentId_.certify.tsx'
import { loader as documentPage } from '../routes/_app.documents.$documentId.tsx'
import type { SentBack } from '../tasks/entered.tsx'

let signing: SigningOffice
let office: SigningOffice['office']

beforeAll(async () => {
  signing = await signingOffice()
  office = signing.office
}, 60_000)
afterAll(() => signing.close())

const refusalOf = (answer: { data: unknown }) => (answer.data as SentBack).refusal

/** A letter on paper, scanned and registered. */
async function scanned(subject: string) {
  const documentId = await office.directed(subject)
  const { sha256, size } = await office.files.put(await replyPaper(subject), 10_000_000)
  await office.db.sql`insert into files values (${sha256}, ${size}, 'application/pdf', now()) on conflict do nothing`
  const [file] = await office.db.sql<{ id: string }[]>`
    update document_files set sha256 = ${sha256} where document_id = ${documentId} and role = 'main' returning id`
  return { documentId, fileId: file!.id, sha256 }
}
const send = (who: string, documentId: string, what: string, pin: string = DEMONSTRATION_PIN) =>
  answerOf(certify(office.asking(who, `/documents/${documentId}/certify`, { documentId }, { what, pin })))
const copies = (documentId: string) =>
  office.db.sql<{ name: string; sha256: string }[]>`
    select name, sha256 from document_files where document_id = ${documentId} and role = 'copy' order by name`
async function read(sha256: string) {
  const bytes = await buffer((await office.files.open(sha256))!.stream)
  const { trust, revocation } = servicesOf(await keptTrust(office.db))
  return { report: await verifyPdf(bytes, { trust, revocation }), text: await pdfText(bytes) }
}

describe('the organisation’s signature on a copy', () => {
  it('makes an e-copy of paper (SAO Y) with form, agency and instant, and leaves the scan as it is', async () => {
    const { documentId, fileId, sha256 } = await scanned('Văn bản giấy cần sao y')
    expect(await send('clerk', documentId, `copy:${fileId}`)).toMatchObject({
      status: 302,
      to: `/documents/${documentId}`,
    })
    const [copy] = await copies(documentId)
    expect(copy?.name).toMatch(/\(sao y\)\.pdf$/)
    const { report, text } = await read(copy!.sha256)
    expect(report).toMatchObject({ verdict: 'valid', isTest: true, signatures: [{ role: 'copy', reason: 'SAO Y' }] })
    expect(text).toMatch(/SAO Y\s+Bộ Công Thương \(TEST\)\s+\d\d-\d\d-\d{4}; \d\d:\d\d:\d\d; \+07:00/)
    const { files } = await documentPage(office.asking('clerk', `/documents/${documentId}`, { documentId }))
    expect(files.filter(({ role }) => role === 'main').map((main) => main.sha256)).toEqual([sha256])
    expect(refusalOf(await send('clerk', documentId, `copy:${fileId}`))).toMatchObject({ code: 'copy-exists' })
  })

  it('writes the number and day of arrival onto an incoming document', async () => {
    const { documentId, fileId } = await scanned('Văn bản đến ký xác nhận')
    const shown = await page(office.asking('clerk', `/documents/${documentId}/certify`, { documentId }))
    expect(shown).toMatchObject({ files: [{ fileId, certified: [] }], offer: { refusal: null } })
    await send('clerk', documentId, `received:${fileId}`)
    const [copy] = await copies(documentId)
    const { report, text } = await read(copy!.sha256)
    expect(report).toMatchObject({ verdict: 'valid', signatures: [{ role: 'received' }] })
    expect(text).toContain(`Số đến: ${shown.arrival?.registerNumber}; ngày`)
    const after = await page(office.asking('clerk', `/documents/${documentId}/certify`, { documentId }))
    expect(after.files).toMatchObject([{ certified: ['received'] }])
  })

  it('is the registry’s alone, and a wrong PIN or another document’s file leaves nothing behind', async () => {
    const { documentId, fileId } = await scanned('Không ai khác')
    const other = await scanned('Văn bản khác')
    for (const who of ['deputy', 'tmdtHead', 'tmdtSpecialist', 'admin'])
      expect(await send(who, documentId, `copy:${fileId}`), who).toMatchObject({ status: 403 })
    expect(refusalOf(await send('clerk', documentId, `copy:${fileId}`, 'sai'))).toMatchObject({ code: 'pin-wrong' })
    expect(refusalOf(await send('clerk', documentId, `copy:${fileId}`, ''))).toMatchObject({ code: 'pin-missing' })
    expect(await send('clerk', documentId, `copy:${other.fileId}`)).toMatchObject({ status: 404 })
    expect(refusalOf(await send('clerk', documentId, 'seal:everything'))).toMatchObject({ code: 'nothing-chosen' })
    expect([...(await copies(documentId))]).toEqual([])
    expect(await send('clerk', documentId, `copy:${fileId}`)).toMatchObject({ status: 302 })
  })
})

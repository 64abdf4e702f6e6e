import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { authorityFolder } from '#app/demonstration/certificates.ts'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { incrementalSaving } from '#signing/attacks.fixture.ts'
import { signWith, type Office as SigningOffice } from '#signing/signing.fixture.ts'
import { DEMONSTRATION_USERS, keptAuthority } from '#signing/test-authority/kept-authority.ts'
import { serveTestAuthority } from '#signing/test-authority/server.ts'
import { httpRevocationSource } from '#signing/services/revocation-source.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'

const GOOD = '4731/VPCP-KSTT'
const TAMPERED = '4732/VPCP-KSTT'

/** Letters with signatures come in: the panel says what they are worth, also after the office stops believing the authority. */
export function signaturesChecked(theOffice: () => Office): void {
  const it = journey(theOffice)
  let goodPage = ''

  /** The letter's PDF, signed by a person and then by the organisation as their own office does it. */
  async function signedLetter(number: string) {
    const { authority, keyOf } = await keptAuthority(authorityFolder(theOffice().ministry.dataFolder))
    const server = await serveTestAuthority(authority)
    try {
      const services = {
        trust: authority.trust(),
        timeStamp: { url: server.timeStampUrl },
        revocation: httpRevocationSource({ ocsp: [server.ocspUrl], crls: [server.crlUrl, server.rootCrlUrl] }),
      }
      const office: SigningOffice = { authority, server, services, close: () => Promise.resolve() }
      const { message, pdf } = await demonstrationLetter(Date.now(), number)
      const byPerson = await signWith(office, pdf, await keyOf('person'), { level: 'LT', role: 'person' })
      const organisation = await keyOf('organisation')
      return { message, pdf: await signWith(office, byPerson, organisation, { level: 'LT', role: 'organisation' }) }
    } finally {
      await server.close()
    }
  }

  async function send(letter: Awaited<ReturnType<typeof signedLetter>>, pdf: Buffer): Promise<void> {
    const [attachment] = letter.message.attachments ?? []
    const edxml = await writeEdxml({ ...letter.message, attachments: [{ ...attachment!, content: pdf }] })
    await theOffice().ministry.governmentOffice.send(edxml, { messageType: 'edoc' })
  }

  /** The document's page, once the panel there has a result. */
  async function panelOf(code: string, result: RegExp): Promise<{ page: Page; panel: Locator }> {
    const { page } = await theOffice().person('vanthu')
    const row = page.locator('main tbody tr', { hasText: code })
    await until(`${code} is listed`, async () => {
      await page.goto(`/documents/incoming?text=${encodeURIComponent(code)}`)
      return (await row.count()) > 0
    })
    await row.first().locator('.row-link').click()
    await page.waitForURL('**/documents/*')
    const panel = page.locator('section.signatures')
    await until(`the signatures of ${code} are checked`, async () => result.test(await panel.innerText()))
    return { page, panel }
  }

  it('shows the receiver both signatures, the person’s and the organisation’s', async () => {
    const letter = await signedLetter('4731')
    await send(letter, letter.pdf)
    const { page, panel } = await panelOf(GOOD, /Tài liệu hợp lệ/)
    goodPage = page.url()

    const words = await panel.innerText()
    expect(words).toContain('Chữ ký thử nghiệm')
    expect(words).toContain(DEMONSTRATION_USERS.person.commonName)
    expect(words).toContain(DEMONSTRATION_USERS.organisation.commonName)
    expect(await panel.locator('details[open]').count()).toBe(0)

    await panel.locator('summary', { hasText: DEMONSTRATION_USERS.person.commonName }).click()
    const open = await panel.locator('details[open]').innerText()
    for (const said of ['Nội dung đã ký còn nguyên vẹn', 'dấu thời gian của', 'Không bị thu hồi', 'kèm trong tệp'])
      expect(open).toContain(said)
  })

  it('shows of a tampered copy what was changed', async () => {
    const letter = await signedLetter('4732')
    await send(letter, incrementalSaving['a stamp over the page']!(letter.pdf))
    const { panel } = await panelOf(TAMPERED, /KHÔNG hợp lệ/)
    const words = await panel.innerText()
    expect(words).toContain('Bị thay đổi sau khi ký')
    expect(words).toMatch(/ở trang 1.*Chữ ký không cho phép việc này/)
  })

  it('no longer recognises a signature when its authority is taken off the list, and again when it is trusted anew', async () => {
    const admin = await theOffice().person('quantri')
    const { page } = admin
    await page.goto('/administration/authorities')
    const root = page.locator('tr', { hasText: 'Cơ quan gốc' })
    await root.locator('summary').click()
    await root.locator('button[value=disbelieve]').click()
    await page.locator('.done-note', { hasText: 'Đã bỏ khỏi danh sách tin cậy' }).waitFor()
    const clerk = await theOffice().person('vanthu')
    const says = (words: string) =>
      until(`the panel says: ${words}`, async () => {
        await clerk.page.goto(goodPage)
        return (await clerk.page.locator('section.signatures').innerText()).includes(words)
      })
    await says('Chưa kết luận được')

    const { dataFolder } = theOffice().ministry
    const { authority } = await keptAuthority(authorityFolder(dataFolder))
    const file = path.join(dataFolder, 'root.pem')
    await writeFile(file, authority.pems()['root.pem'])
    await page.locator('input[type=file]').setInputFiles(file)
    await page.locator('button[value=read]').click()
    await page.locator('.trust-read', { hasText: authority.root.certificate.fingerprint }).waitFor()
    await page.locator('button[value=believe]').click()
    await page.locator('.done-note', { hasText: 'Đã thêm vào danh sách tin cậy' }).waitFor()
    await says('Tài liệu hợp lệ')
  })
}

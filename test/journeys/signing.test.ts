import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import type { RunningChild } from '#app/start/child.ts'
import { freePort } from '#app/start/ports.ts'
import { keptTrust } from '#db/trust.ts'
import { softHsmLibrary } from '#signing/keys/software-token.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { openBrowser } from '#test/fixtures/browser.ts'
import { signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { startSigningWeb, tokenFor } from '#test/fixtures/signing-web.ts'

const THIRTY = 30
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
const LIMIT = 240_000

let signing: SigningOffice
let web: RunningChild
let browser: Browser
let agentPort: number
let origin: string
let documents: { documentId: string; taskId: string; sha256: string }[]
const errors: string[] = []

beforeAll(async () => {
  signing = await signingOffice()
  const [port, forAgent] = await Promise.all([freePort(), freePort()])
  agentPort = forAgent
  origin = `http://127.0.0.1:${port}`
  ;[web, browser] = await Promise.all([startSigningWeb(signing, { port, agentPort }), openBrowser()])
  documents = []
  for (let index = 0; index < THIRTY; index += 1)
    documents.push(await signing.waitingForSignature(`V/v trả lời kiến nghị số ${index + 1}`))
}, 400_000)
afterAll(async () => {
  await browser?.close()
  await web?.close()
  await signing?.close()
}, 60_000)

/** Somebody's window, signed in as the office's people are. */
async function windowOf(name: string, how: BrowserContextOptions): Promise<Page> {
  const context = await browser
    .newContext({
      baseURL: origin,
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      reducedMotion: 'reduce',
      permissions: ['local-network-access'],
      ...how,
    })
    .catch(() => browser.newContext({ baseURL: origin, locale: 'vi-VN', reducedMotion: 'reduce', ...how }))
  await context.addCookies([{ name: 'imoit_session', value: `session-${name}`, url: origin }])
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
  onTestFailed(() => picture(page, `failed-${name}`))
  return page
}

/** For whoever looks at the screens. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.JOURNEY_PICTURES
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `signing-${name}.png`), fullPage: true })
}

async function reportOf(documentId: string, role: 'draft' | 'main') {
  const { db, files } = signing.office
  const [newest] = await db.sql<{ sha256: string }[]>`
    select f.sha256 from document_files f join document_relations r on r.document_id = f.document_id
    where r.related_id = ${documentId} and f.role = ${role} order by f.version desc limit 1`
  const opened = await files.open(newest?.sha256 ?? '')
  const { trust } = servicesOf(await keptTrust(db))
  return verifyPdf(await buffer(opened!.stream), { trust })
}

describe.skipIf(!softHsmLibrary())('thirty replies (skipped where SoftHSM2 is not installed)', () => {
  it(
    'are signed by a leader from a phone-sized screen with the token behind the signing program',
    async () => {
      const start = await tokenFor(signing, 'deputy')
      const page = await windowOf('deputy', PHONE)
      await page.goto('/signing')
      expect(await page.locator('main tbody tr').count()).toBe(THIRTY)
      await picture(page, 'list-phone')
      // Reading one of them is remembered.
      const [opened] = await Promise.all([
        page.waitForEvent('popup').catch(() => null),
        page
          .locator('main tbody tr')
          .first()
          .getByRole('link', { name: /Mở bản/ })
          .click(),
      ])
      await opened?.close()
      await page.getByRole('button', { name: `Đánh dấu cả ${THIRTY} văn bản` }).click()
      expect(await page.locator('input[name=tick]:checked').count()).toBe(THIRTY)
      await page.getByRole('button', { name: 'Ký các văn bản đã chọn' }).click()
      await page.waitForURL(/\/signing\/[0-9a-f-]{36}/)

      // The signing program does not run: the page says so and what to do.
      const signWithToken = page.getByRole('button', { name: `Ký ${THIRTY} văn bản bằng thiết bị` })
      await signWithToken.click()
      await page.getByText('Không thấy chương trình ký trên máy này').waitFor()
      await picture(page, 'no-agent-phone')

      const agent = await start({ port: agentPort, origin })
      try {
        await signWithToken.click()
        await page.getByText(`Đã ký xong ${THIRTY}/${THIRTY} văn bản`).waitFor({ timeout: 120_000 })
      } finally {
        await agent.close()
      }
      await picture(page, 'done-phone')
      for (const { documentId } of documents) {
        const report = await reportOf(documentId, 'draft')
        expect(report.signatures.map(({ role, verdict, level }) => [role, verdict, level])).toEqual([
          ['person', 'valid', 'LT'],
        ])
      }
      await page.goto('/signing')
      await page.getByText('Không có văn bản nào chờ ký').waitFor()
    },
    LIMIT,
  )

  it(
    'are sealed by the registry under their numbers, and a receiver’s copy carries both signatures',
    async () => {
      const page = await windowOf('clerk', DESK)
      const [first] = documents
      const task = await signing.office.taskOf('clerk', first!.documentId, 'incoming.dispatch')
      await page.goto(`/tasks/${task.taskId}`)
      await page.getByRole('heading', { name: /đóng dấu/ }).waitFor()
      await picture(page, 'seal-desk')
      await page.locator('form.task-form input[name=pin]').fill(DEMONSTRATION_PIN)
      await page.getByRole('button', { name: 'Đóng dấu, cấp số và phát hành' }).click()
      await page.waitForURL(/[?&]done=/)
      const report = await reportOf(first!.documentId, 'main')
      expect(report.verdict).toBe('valid')
      expect(report.signatures.map(({ role, verdict }) => [role, verdict])).toEqual([
        ['person', 'valid'],
        ['organisation', 'valid'],
      ])
      expect(report.signatures[1]?.reason).toMatch(/^Số \d+\/BCT-TMĐT, ngày \d\d\/\d\d\/\d{4}$/)
    },
    LIMIT,
  )

  it('no script of these pages has complained', () => {
    expect(errors).toEqual([])
  })
})

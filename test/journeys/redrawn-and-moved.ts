import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { signIn } from '#test/fixtures/browser.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'

const CODE = '4721/VPCP-KSTT'
const REASON = 'Mọi văn bản đến lấy ý kiến hai Vụ trước khi trình'
const OPINION = 'Không có vướng mắc về pháp lý.'
const diagrams = path.join(import.meta.dirname, '../../../shared/conformance/miwg')

const isFormSent = ({ pathname }: URL) => /^\/tasks\/[^/]+\/form(\.data)?$/.test(pathname)

/** What the page lets nobody enter: the server alone refuses it. */
const withoutWords = (request: Request) =>
  request.method() === 'POST' ? { ...(request.postDataJSON() as object), data: { opinion: 7 } } : undefined

/** The units that are asked are said in the flow, with a form of the step's own; and the cases under way go over to it. */
export function redrawnAndMoved(theOffice: () => Office): void {
  const leg = journey(theOffice)
  const admin = async () => (await theOffice().person('quantri')).page
  const opened = (page: Page) => page.locator('.designer[data-open]').waitFor()
  const saved = (page: Page) => page.locator('.designer-saved[data-state=saved]').waitFor()
  const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()
  const drawn = (page: Page) => page.locator('.flow-canvas[data-drawn]').first().waitFor()
  const faultless = async (page: Page, ...beside: string[]) => {
    const axe = new AxeBuilder({ page }).setLegacyMode(true)
    for (const part of ['.flow-canvas', ...beside]) axe.exclude(part)
    const { violations } = await axe.analyze()
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`)).toEqual([])
  }
  let draft = ''
  let moved = 0

  leg('a parallel opinion step is added by hand, with the units and a form of its own', async () => {
    const page = await admin()
    await page.goto('/flows/incoming-document')
    await page.getByRole('button', { name: 'Sửa quy trình' }).click()
    await opened(page)
    draft = new URL(page.url()).pathname
    const before = await lyingOnEachOther(page)
    await page.locator('.djs-element[data-element-id=register]').first().click()
    await page.locator('.office-steps button', { hasText: 'Xin ý kiến' }).click()
    expect(await lyingOnEachOther(page)).toEqual(before)
    await openGroup(page, 'group-multiInstance')
    const list = page.locator('[data-entry-id="multiInstance-inputCollection"] .cm-content')
    await list.click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('["PC", "TMDT"]')
    await openGroup(page, 'group-imoit-asks')
    await page.locator('[data-group-id="group-imoit-asks"] select').first().selectOption('own')
    const dialog = page.getByRole('dialog', { name: /Biểu mẫu của bước/ })
    await page.locator('.form-dialog[data-open]').waitFor()
    await faultless(page, '.form-dialog-host')
    await dialog.getByRole('button', { name: 'Điền thử' }).click()
    await dialog.locator('.form-dialog-try textarea').waitFor()
    await dialog.getByRole('button', { name: 'Dùng biểu mẫu này' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.locator('#editOwnForm').waitFor()
    await saved(page)
  })

  leg('what is drawn survives a closed tab and a restarted server', async () => {
    const page = await admin()
    await page.goto('about:blank')
    await theOffice().ministry.kill('web')
    await until(
      'the web answers again',
      () =>
        theOffice()
          .ministry.health()
          .then(
            ({ ok }) => ok,
            () => false,
          ),
      60_000,
    )
    await page.goto(draft)
    await opened(page)
    await tab(page, 'Dàn ý')
    await page.getByRole('treeitem', { name: /^Vào sổ .*→ Xin ý kiến/ }).waitFor()
    await tab(page, 'Kiểm tra')
    await page.getByText(/^Ban hành được|Không có lỗi/).waitFor()
  })

  leg('it is tried out: both units are asked at once', async () => {
    const page = await admin()
    await tab(page, 'Chạy thử')
    await page.getByRole('button', { name: 'Chạy thử', exact: true }).click()
    await page.locator('.trial-task', { hasText: 'Vào sổ' }).getByRole('button', { name: 'Hoàn thành' }).click()
    await page.locator('.trial-task', { hasText: 'Xin ý kiến' }).nth(1).waitFor()
    expect(await page.locator('.trial-task', { hasText: 'Xin ý kiến' }).count()).toBe(2)
  })

  leg('it is compared, and published with a reason', async () => {
    const page = await admin()
    await tab(page, 'Ban hành')
    await page.getByRole('link', { name: /So sánh với phiên bản/ }).click()
    await page.locator('.compare-canvas[data-drawn]').nth(1).waitFor()
    await page.getByRole('row', { name: /^Thêm Xin ý kiến/ }).waitFor()
    await theOffice().picture('comparison')
    await page.goto(draft)
    await opened(page)
    await tab(page, 'Ban hành')
    await page.locator('textarea[name=reason]').first().fill(REASON)
    await page.locator('button[value=publish]').click()
    await page.waitForURL(/\?version=/)
  })

  leg('the flow’s page says where cases stand, and leads to moving them', async () => {
    const page = await admin()
    await drawn(page)
    await page.getByRole('heading', { name: 'Hồ sơ đang chạy ở phiên bản cũ' }).waitFor()
    await page.locator('.versions li', { hasText: REASON }).waitFor()
    await faultless(page)
    // earlier journeys may have left a few on other versions
    const older = page.locator('.move-cases li')
    const counts = (await older.allInnerTexts()).map((text) => Number(/\d+/.exec(text)?.[0]))
    await older
      .nth(counts.indexOf(Math.max(...counts)))
      .locator('button')
      .click()
    await page.waitForURL(/migrations\/[0-9a-f-]{36}/)
    await page.getByText('Đã kiểm tra', { exact: true }).waitFor({ timeout: 60_000 })
    await drawn(page)
    expect(await page.locator('.flow-badge').count()).toBeGreaterThan(2)
    await page.getByLabel('Thời gian thường mất').check()
    await page
      .locator('.flow-badge', { hasText: /ngày|giờ|phút/ })
      .first()
      .waitFor()
    await theOffice().picture('heat-map')
    await faultless(page)
  })

  leg('ten running cases and more go over to it', async () => {
    const page = await admin()
    await page.locator('summary', { hasText: 'Chuyển' }).click()
    await page.locator('input[name=reason]').fill(REASON)
    await page.getByRole('button', { name: 'Chuyển', exact: true }).click()
    await page.getByText('Đã xong', { exact: true }).waitFor({ timeout: 60_000 })
    moved = Number(/(\d+) đã chuyển/.exec(await page.locator('main').innerText())?.[1] ?? 0)
    expect(moved).toBeGreaterThanOrEqual(10)
  })

  leg('the way of a moved case is played again, step by step, by the keyboard', async () => {
    const page = await admin()
    await page.getByRole('link', { name: /^Đã chuyển/ }).click()
    await page.locator('main tbody .row-link').first().click()
    await page.waitForURL(/administration\/cases\//)
    await drawn(page)
    await page.getByRole('button', { name: 'Phát lại' }).focus()
    await page.keyboard.press('Enter')
    const slider = page.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('End')
    await page
      .getByText(/chuyển sang phiên bản khác/i)
      .first()
      .waitFor()
    const standing = await page.locator('.flow-canvas .djs-element.flow-active').count()
    expect(standing).toBeGreaterThan(0)
    await page.keyboard.press('Home')
    await page.locator('.replay-words', { hasText: 'Bắt đầu' }).waitFor()
    await faultless(page)
  })

  leg('a clerk’s next document takes the new way, and its form is filled in', async () => {
    const { edxml } = await demonstrationLetter(Date.now(), '4721')
    await theOffice().ministry.governmentOffice.send(edxml, { messageType: 'edoc' })
    const clerk = await theOffice().person('vanthu')
    await clerk.open(CODE)
    await clerk.decide('registered')
    const legal = await theOffice().person('pc.truong')
    const row = await legal.waiting(CODE, { ask: 'Cho ý kiến phối hợp' })
    await legal.page.goto((await row.locator('.row-link').getAttribute('href')) ?? '')
    await legal.page.locator('.own-form[data-drawn]').waitFor({ timeout: 60_000 })
    await faultless(legal.page)
    const words = legal.page.locator('.own-form textarea')
    await words.fill(OPINION)
    await theOffice().picture('own-form')
    const complete = legal.page.getByRole('button', { name: 'Hoàn thành' })
    await legal.page.route(isFormSent, (route) => route.continue({ postData: withoutWords(route.request()) }))
    await complete.click()
    await legal.page.locator('.own-form [role=alert]', { hasText: 'Không đọc được' }).waitFor()
    await faultless(legal.page)
    expect(await words.inputValue()).toBe(OPINION)
    await legal.page.unroute(isFormSent)
    const [sent] = await Promise.all([
      legal.page.waitForRequest((request) => request.method() === 'POST' && isFormSent(new URL(request.url()))),
      complete.click(),
    ])
    expect(sent.postDataJSON()).toMatchObject({ data: { opinion: OPINION } })
    await legal.page.waitForURL(/[?&]done=/)
  })

  leg('a decision table is changed, tried and published', async () => {
    const page = await admin()
    await page.goto('/flows/decisions')
    await faultless(page)
    await page.getByRole('link', { name: 'Đơn vị chủ trì và thời hạn' }).click()
    await page.locator('.decision-page[data-open]').waitFor()
    await page.locator('[data-element-id=r1d]').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('4')
    await page.locator('[data-element-id=r2d]').click()
    await page.locator('input[name="in:sender"]').fill('000.00.00.G22')
    await page.locator('input[name="in:field"]').fill('thương mại điện tử')
    await until('what is drawn is tried', async () => {
      await page.getByRole('button', { name: 'Tính', exact: true }).click()
      return /Ngày làm việc\s+4/.test(await page.locator('.decision-try .facts').innerText())
    })
    await faultless(page)
    await page.locator('.decision-saved[data-state=saved]').waitFor()
    await page.getByRole('link', { name: 'Ban hành…' }).click()
    await page.getByRole('row', { name: /^Sửa 1 .*trước: 3 nay: 4/ }).waitFor()
    await faultless(page)
    await theOffice().picture('decision-comparison')
    await page.getByLabel('Lý do').fill('Việc của Văn phòng Chính phủ cần nhanh hơn')
    await page.getByRole('button', { name: 'Ban hành' }).click()
    await page.getByText('Việc của Văn phòng Chính phủ cần nhanh hơn').waitFor()
    await page.getByRole('link', { name: 'So sánh với phiên bản 1' }).click()
    await page.getByRole('row', { name: /^Sửa 1 .*trước: 3 nay: 4/ }).waitFor()
  })

  leg('two who draw on one table are warned before either loses work', async () => {
    const page = await admin()
    const other = await signIn(theOffice().browser, 'quantri', { webUrl: theOffice().ministry.webUrl })
    for (const window of [page, other]) {
      await window.goto('/flows/decisions/lead-unit')
      await window.locator('.decision-page[data-open]').waitFor()
    }
    const draw = async (window: Page, days: string) => {
      await window.locator('[data-element-id=r1d]').click()
      await window.keyboard.press('Control+a')
      await window.keyboard.type(days)
      await window.locator('[data-element-id=r2d]').click()
    }
    await draw(other, '5')
    await other.locator('.decision-saved[data-state=drawn]').waitFor()
    await other.locator('.decision-saved[data-state=saved]').waitFor()
    await page.locator('.decision-note', { hasText: 'vừa lưu bảng này' }).waitFor()
    await draw(page, '6')
    await page.locator('.decision-note', { hasText: 'chưa được lưu' }).waitFor()
    await page.getByRole('button', { name: 'Tải lại trang' }).click()
    await page.locator('.decision-page[data-open]').waitFor()
    await page.locator('[data-element-id=r1d]', { hasText: '5' }).waitFor()
    await other.context().close()
  })

  leg(
    'diagrams of other tools are opened, each with what is to be said of it',
    async () => {
      const page = await admin()
      // The set is kept beside the project; without it there is nothing to open.
      for (const name of existsSync(diagrams) ? readdirSync(diagrams) : []) {
        await page.goto('/flows/drafts')
        await page.locator('input[name=file]').setInputFiles(path.join(diagrams, name))
        await page.getByRole('button', { name: 'Nhập tệp' }).click()
        await opened(page).catch((cause: unknown) => {
          throw new Error(`${name} was not opened`, { cause })
        })
        expect(await page.locator('.djs-shape').count(), name).toBeGreaterThan(1)
      }
    },
    240_000,
  )
}

/** Pairs of drawn elements of which neither holds the other: events on a border, and what was put in the way. */
function lyingOnEachOther(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const drawn = [...document.querySelectorAll<SVGElement>('.designer-host .djs-element.djs-shape')].flatMap(
      (shape) => {
        const box = shape.querySelector('.djs-visual > :first-child')?.getBoundingClientRect()
        const id = shape.dataset.elementId ?? ''
        return box && !id.endsWith('_label') ? [{ id, box }] : []
      },
    )
    const holds = (a: DOMRect, b: DOMRect) =>
      a.left <= b.left + 1 && a.top <= b.top + 1 && a.right >= b.right - 1 && a.bottom >= b.bottom - 1
    const meet = (a: DOMRect, b: DOMRect) =>
      a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 2 && b.top < a.bottom - 2
    return drawn
      .flatMap((a) =>
        drawn
          .filter((b) => a.id < b.id && meet(a.box, b.box) && !holds(a.box, b.box) && !holds(b.box, a.box))
          .map((b) => `${a.id} ${b.id}`),
      )
      .sort()
  })
}

/** Opens a group of the properties panel, which draws itself anew when what was typed is taken over. */
async function openGroup(page: Page, id: string): Promise<void> {
  const group = page.locator(`[data-group-id="${id}"]`)
  await group.first().waitFor()
  await until(`the group ${id} is open`, async () => {
    if (await group.locator('.bio-properties-panel-entry').first().isVisible()) return true
    await group.locator('.bio-properties-panel-group-header').first().click()
    return false
  })
}

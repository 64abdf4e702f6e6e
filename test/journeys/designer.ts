import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { signIn } from '#test/fixtures/browser.ts'
import { everyElement, everyElementId } from '#test/fixtures/every-element.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'

const CODE = '4720/VPCP-KSTT'
/** Pieces of the page that only drawing needs. */
const DESIGNER = /\/(modeler|flow\.worker|DesignerPage|form-editor|form-viewer|decision-editor)[-.]/

/** An administrator redraws the incoming flow, and the next document takes the new way. */
export function designer(theOffice: () => Office): void {
  const leg = journey(theOffice)
  const admin = async () => (await theOffice().person('quantri')).page
  const opened = (page: Page) => page.locator('.designer[data-open]').waitFor()
  const saved = (page: Page) => page.locator('.designer-saved[data-state=saved]').waitFor()
  const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()
  const edit = async (page: Page, address = '/flows/incoming-document') => {
    await page.goto(address)
    await page.getByRole('button', { name: 'Sửa quy trình' }).click()
    await opened(page)
  }
  const publish = async (page: Page, reason: string, compared = false) => {
    await saved(page)
    await tab(page, 'Ban hành')
    if (compared) await page.getByLabel(/Tôi đã so sánh/).check()
    await page.locator('textarea[name=reason]').first().fill(reason)
    await page.locator('button[value=publish]').click()
    await page.waitForURL(/\?version=/)
  }
  let draft = ''

  leg('no other page loads a piece of the designer', async () => {
    const page = await admin()
    const loaded: string[] = []
    const note = (request: { url(): string }) => void loaded.push(request.url())
    page.on('request', note)
    for (const address of ['/', '/flows', '/flows/drafts', '/administration']) await page.goto(address)
    await page.goto('/flows/incoming-document')
    await page.locator('.flow-canvas[data-drawn]').waitFor()
    page.off('request', note)
    expect(loaded.length).toBeGreaterThan(20)
    expect(loaded.filter((address) => DESIGNER.test(address))).toEqual([])
  })

  leg('a step is added by hand, saved as it is drawn, and still there after the tab was closed', async () => {
    const page = await admin()
    await edit(page)
    draft = new URL(page.url()).pathname
    await page.locator('.djs-element[data-element-id=register]').first().click()
    await page.locator('.office-steps button', { hasText: 'Thẩm định' }).click()
    await page.locator('.designer-saved[data-state=drawn]').waitFor()
    await saved(page)
    await page.goto('/')
    await page.goto(draft)
    await opened(page)
    await tab(page, 'Dàn ý')
    await page.getByRole('treeitem', { name: /^Vào sổ .*→ Thẩm định/ }).waitFor()
    await tab(page, 'Kiểm tra')
    await page.getByText('Không có lỗi hay điểm nghi ngờ nào.').waitFor()
  })

  leg('it is tried out, and the trial kept as a test', async () => {
    const page = await admin()
    await tab(page, 'Chạy thử')
    await page.getByRole('button', { name: 'Chạy thử', exact: true }).click()
    await page.locator('.trial-token').waitFor()
    await page.locator('.trial-task', { hasText: 'Vào sổ' }).getByRole('button', { name: 'Hoàn thành' }).click()
    await page.locator('.trial-task', { hasText: 'Thẩm định' }).waitFor()
    await page.locator('.trial-task', { hasText: 'Lãnh đạo Vụ Pháp chế' }).waitFor()
    await page.getByLabel('Tên phép thử').fill('Qua thẩm định')
    await page.getByRole('button', { name: 'Lưu thành phép thử' }).click()
    await page.getByRole('button', { name: 'Chạy mọi phép thử' }).click()
    await page.getByText('1/1 phép thử đạt').waitFor()
  })

  leg('it is compared with what runs, in the drawing and as a list', async () => {
    const page = await admin()
    await tab(page, 'Ban hành')
    await page.getByRole('link', { name: /So sánh với phiên bản/ }).click()
    await page.locator('.compare-canvas[data-drawn]').nth(1).waitFor()
    expect(await page.locator('.compare-added').count()).toBeGreaterThan(0)
    await page.getByRole('row', { name: /^Thêm Thẩm định/ }).waitFor()
    await page.goto(draft)
    await opened(page)
  })

  leg('it is published, and a clerk’s next document takes the new way', async () => {
    const page = await admin()
    await publish(page, 'Thẩm định mọi văn bản đến')
    expect(await page.locator('h1 + p').innerText()).toContain('Phiên bản 2')
    const { edxml } = await demonstrationLetter(Date.now(), '4720')
    await theOffice().ministry.governmentOffice.send(edxml, { messageType: 'edoc' })
    const clerk = await theOffice().person('vanthu')
    await clerk.open(CODE)
    await clerk.decide('registered')
    const legal = await theOffice().person('pc.truong')
    await legal.waiting(CODE, { ask: 'Cho ý kiến thẩm định' })
  })

  leg('a test that comes out differently bars publishing, in words', async () => {
    const page = await admin()
    await edit(page, '/flows/incoming-document?version=1')
    await saved(page)
    await tab(page, 'Ban hành')
    await page.locator('textarea[name=reason]').first().fill('Trở lại như cũ')
    await page.locator('button[value=publish]').click()
    await page.getByText('phép thử "Qua thẩm định" cho kết quả khác trước').waitFor()
    await tab(page, 'Chạy thử')
    await page.getByRole('button', { name: 'Bỏ Qua thẩm định' }).click()
    await page.getByText('Chưa có. Lưu lần chạy thử').waitFor()
    await publish(page, 'Trở lại như cũ', true)
    expect(await page.locator('h1 + p').innerText()).toContain('Phiên bản 3')
  })

  leg('the same is drawn by the keyboard alone, through the outline', async () => {
    const page = await admin()
    await edit(page)
    await page.getByRole('tab', { name: 'Thuộc tính' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const at = page.locator('[role=treeitem][aria-selected=true]')
    for (let step = 0; step < 40 && (await at.getAttribute('data-id')) !== 'register'; step++)
      await page.keyboard.press('ArrowDown')
    expect(await at.getAttribute('data-id')).toBe('register')
    await page.keyboard.press('a')
    // the fifth of the office's steps
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('treeitem', { name: /^Vào sổ .*→ Xin ý kiến/ }).waitFor()
    await page.locator('[role=treeitem]:focus', { hasText: 'Xin ý kiến (song song)' }).waitFor()
    await page.keyboard.press('F2')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Hỏi các Vụ')
    await page.keyboard.press('Enter')
    await page.locator('[role=treeitem]:focus', { hasText: 'Hỏi các Vụ' }).waitFor()
    await page.keyboard.press('Delete')
    await page.getByRole('treeitem', { name: /^Hỏi các Vụ/ }).waitFor({ state: 'detached' })
    await saved(page)
  })

  leg('axe finds nothing around the canvas', async () => {
    const page = await admin()
    const faults: string[] = []
    const drawing = page.url()
    const look = async (name: string) => {
      const axe = new AxeBuilder({ page }).exclude('.designer-host').setLegacyMode(true)
      for (const { id, impact, nodes } of (await axe.analyze()).violations)
        if (impact === 'serious' || impact === 'critical')
          faults.push(`${name}: ${id} ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    }
    for (const name of ['Thuộc tính', 'Dàn ý', 'Kiểm tra', 'Chạy thử', 'Lịch sử', 'Ban hành']) {
      await tab(page, name)
      await look(name)
    }
    await page.goto('/flows/drafts')
    await look('drafts')
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(drawing)
    await opened(page)
    expect(faults).toEqual([])
  })

  leg('two windows that draw at once lose nothing', async () => {
    const page = await admin()
    const other = await signIn(theOffice().browser, 'quantri', { webUrl: theOffice().ministry.webUrl })
    await other.goto(new URL(page.url()).pathname)
    await opened(other)
    const rename = async (window: Page, name: string) => {
      await tab(window, 'Dàn ý')
      await window.locator('[role=treeitem][data-id=register]').click()
      await window.locator('#outline-name').fill(name)
      await window.getByRole('button', { name: 'Đổi tên' }).click()
    }
    await rename(other, 'Vào sổ ở cửa sổ kia')
    await saved(other)
    await rename(page, 'Vào sổ ở cửa sổ này')
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /bản thảo riêng/ })
      .click()
    await page.waitForURL((url) => url.pathname !== new URL(other.url()).pathname)
    await opened(page)
    await tab(page, 'Dàn ý')
    await page.getByRole('treeitem', { name: /^Vào sổ ở cửa sổ này/ }).waitFor()
    await other.reload()
    await opened(other)
    await tab(other, 'Dàn ý')
    await other.getByRole('treeitem', { name: /^Vào sổ ở cửa sổ kia/ }).waitFor()
    await other.context().close()
  })

  leg('a file that is no BPMN is refused in words, and one without a diagram is laid out', async () => {
    const page = await admin()
    const importing = async (name: string, xml: string) => {
      await page.goto('/flows/drafts')
      await page.locator('input[name=file]').setInputFiles({ name, mimeType: 'text/xml', buffer: Buffer.from(xml) })
      await page.getByRole('button', { name: 'Nhập tệp' }).click()
    }
    await importing('thu.bpmn', '<html></html>')
    await page.getByRole('alert').filter({ hasText: 'không phải là sơ đồ BPMN 2.0' }).waitFor()
    await importing(
      'khong-hinh.bpmn',
      `<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:other="urn:another-tool" targetNamespace="urn:t">
        <d:process id="incoming-document" isExecutable="true"><d:startEvent id="a"/><d:sequenceFlow id="f" sourceRef="a" targetRef="b" other:kept="yes"/><d:endEvent id="b"/></d:process></d:definitions>`,
    )
    await opened(page)
    const notes = await page.locator('.designer-note').innerText()
    expect(notes).toContain('urn:another-tool')
    expect(notes).toContain('tự sắp xếp')
    expect(notes).toContain('phiên bản 3')
    expect(await page.locator('.djs-element[data-element-id=a]').count()).toBe(1)
  })

  leg(
    'everything that bpmn.io says has its Vietnamese words',
    async () => {
      const page = await admin()
      const missing = new Set<string>()
      const note = (message: { text(): string }) => {
        if (message.text().startsWith('No Vietnamese text')) missing.add(message.text())
      }
      page.on('console', note)
      await page.goto('/flows/drafts')
      const buffer = Buffer.from(everyElement())
      await page.locator('input[name=file]').setInputFiles({ name: 'du-loai.bpmn', mimeType: 'text/xml', buffer })
      await page.getByRole('button', { name: 'Nhập tệp' }).click()
      await opened(page)
      for (const id of everyElementId) {
        await select(page, id)
        // Groups draw their entries when they are opened.
        await page.evaluate(() => {
          for (const header of document.querySelectorAll<HTMLElement>(
            '.bio-properties-panel-group-header:not(.open), .bio-properties-panel-collapsible-entry-header:not(.open)',
          ))
            header.click()
        })
        const replace = page.locator('.djs-context-pad.open .entry[data-action=replace]')
        if ((await replace.count()) === 0) continue
        await replace.first().dispatchEvent('click')
        await page.locator('.djs-popup').first().waitFor()
        await page.keyboard.press('Escape')
      }
      page.off('console', note)
      expect([...missing]).toEqual([])
    },
    180_000,
  )
}

/** Clicks an element wherever it lies, as overlays may cover it. */
async function select(page: Page, id: string): Promise<void> {
  await page.evaluate((elementId) => {
    const hit = document.querySelector(`.djs-element[data-element-id="${elementId}"] .djs-hit`)
    if (!hit) throw new Error(`${elementId} is not drawn`)
    const { x, y, width, height } = hit.getBoundingClientRect()
    const at = { bubbles: true, button: 0, clientX: x + width / 2, clientY: y + height / 2 }
    for (const type of ['mousedown', 'mouseup', 'click']) hit.dispatchEvent(new MouseEvent(type, at))
  }, id)
}

import { expect } from 'vitest'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'
import { idOfPerson } from './web-client.ts'

const CODE = '4713/VPCP-KSTT'
const SUBJECT = 'báo cáo tình hình cung cấp dịch vụ công trực tuyến'

/** Of a leg in which weeks pass, ms: the more cases there are, the longer each takes. */
const WEEKS = 400_000

/** Weeks pass by the administrator's clock; each due instant on the way is visited in its order. */
export function deadlines(theOffice: () => Office): void {
  const it = journey(theOffice)
  let task = ''

  /** Subjects of the letters in somebody's mailbox about this case, newest first. */
  const letters = async (username: string, words: string) => {
    const client = await theOffice().client(username)
    const html = await client.page(`/mail?find=${encodeURIComponent(words)}`)
    return html.match(/class="mail-subject">[^<]*/g)?.map((line) => line.replace(/^[^>]*>/, '')) ?? []
  }
  const travel = async (jump: string) => {
    const administrator = await theOffice().person('quantri')
    const { page } = administrator
    await page.goto('/administration')
    await page.locator(`button[name=jump][value=${jump}]`).click()
    await page.locator('.clock-travelling').waitFor()
    await page.locator('.clock-travelling').waitFor({ state: 'detached', timeout: 120_000 })
  }

  /** Week after week, as long as holidays hold it up. */
  const travelUntil = async <T>(what: string, ask: () => Promise<T>) => {
    for (let weeks = 1; ; weeks += 1) {
      await travel('week')
      try {
        return await until(what, ask, 15_000)
      } catch (error) {
        if (weeks === 4) throw error
      }
    }
  }

  it('a specialist has two working days, the unit two weeks', async () => {
    const { governmentOffice } = theOffice().ministry
    const { edxml } = await demonstrationLetter(Date.now(), '4713')
    await governmentOffice.send(edxml, { messageType: 'edoc' })
    const step = async (username: string, fields: (html: string) => Record<string, string>, ...words: string[]) => {
      const client = await theOffice().client(username)
      const address = await until(`${CODE} waits for ${username}`, () => client.waiting(CODE, ...words))
      const html = await client.page(address)
      expect((await client.complete(address, fields(html))).status).toBe(302)
    }
    await step('vanthu', (html) => ({ ...fieldsIn(html), outcome: 'registered' }))
    await step('chanhvp', (html) => ({ outcome: 'submitted', leaderPost: idOfPerson(html, 'Khương Bảo Thạch') }))
    await step('thutruong1', () => ({ outcome: 'directed', leadUnit: 'TMDT', deadline: '2 tuần' }))
    await step('tmdt.truong', (html) => ({
      outcome: 'assigned',
      specialistPost: idOfPerson(html, 'Hồ Tường Vi'),
      handlingDeadline: '2 ngày',
    }))
    const specialist = await theOffice().client('tmdt.cv2')
    task = await until('the specialist has it', () => specialist.waiting(CODE))
  })

  it(
    'a week later the specialist was reminded, then told with the head that it is overdue',
    async () => {
      const before = await letters('tmdt.truong', SUBJECT)
      const mine = await travelUntil('both letters came', async () => {
        const found = (await letters('tmdt.cv2', SUBJECT)).filter((subject) => !subject.includes('Dự thảo trả lời'))
        return found.length >= 2 && found
      })
      expect(mine.map((subject) => /Sắp đến hạn|Quá hạn/.exec(subject)?.[0])).toEqual(['Quá hạn', 'Sắp đến hạn'])
      await until('the head has the letter', async () => {
        const now = await letters('tmdt.truong', SUBJECT)
        return now.length > before.length && now.some((subject) => /quá hạn/i.test(subject))
      })
    },
    WEEKS,
  )

  it('it is overdue in every list and count', async () => {
    const specialist = await theOffice().person('tmdt.cv2')
    const { page } = specialist
    const row = await specialist.waiting(CODE)
    expect(await row.textContent()).toContain('quá hạn')
    await page.goto('/?show=overdue')
    await page.locator('tbody tr', { hasText: CODE }).waitFor()
    const shown = Number(await page.locator('.tabs [aria-current=page] .tab-count').textContent())
    expect(shown).toBe(await page.locator('tbody tr').count())
    expect(await page.locator('nav.side .way-count[data-overdue]').first().textContent()).toContain(
      `${shown} việc quá hạn`,
    )
    await page.goto(task)
    expect(await page.locator('.decision').textContent()).toContain('quá hạn')
  })

  it(
    'timers survive the worker’s death: the Office is told when the unit’s deadline passes',
    async () => {
      await theOffice().ministry.kill('worker')
      await travelUntil('the monitor’s letter came', async () =>
        (await letters('theodoi', SUBJECT)).some((subject) => /đôn đốc|quá hạn/i.test(subject)),
      )
      const monitor = await theOffice().person('theodoi')
      await monitor.page.goto(`/documents/incoming?due=overdue&q=${encodeURIComponent('4713')}`)
      await monitor.page.locator('tbody tr', { hasText: CODE }).waitFor()
    },
    WEEKS,
  )
}

/** What a form comes filled with. */
function fieldsIn(html: string): Record<string, string> {
  const form = /<form[^>]*class="task-form"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
  const fields: Record<string, string> = {}
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1]
    if (name && !/type="(checkbox|radio)"/.test(tag)) fields[name] = decode(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, attributes = '', text = ''] of form.matchAll(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g)) {
    const name = /name="([^"]+)"/.exec(attributes)?.[1]
    if (name) fields[name] = decode(text)
  }
  for (const [, attributes = '', options = ''] of form.matchAll(/<select([^>]*)>([\s\S]*?)<\/select>/g)) {
    const name = /name="([^"]+)"/.exec(attributes)?.[1]
    const chosen = /<option[^>]*selected[^>]*>/.exec(options)?.[0]
    if (name) fields[name] = decode(/value="([^"]*)"/.exec(chosen ?? '')?.[1] ?? '')
  }
  return fields
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&quot;': '"', '&#x27;': "'", '&lt;': '<', '&gt;': '>' }
const decode = (text: string) => text.replace(/&(amp|quot|#x27|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)

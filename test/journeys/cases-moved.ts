import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'vitest'
import { withDatabase } from '#app/cli/database.ts'
import { publishFlow } from '#db/flows.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'

const FLOW = 'incoming-document'
const REASON = 'Bước trình đổi mã theo quy chế mới'

/** An administrator moves the running cases to a newer version of their flow, and then changes one by hand. */
export function casesMoved(theOffice: () => Office): void {
  const leg = journey(theOffice)
  const admin = async () => (await theOffice().person('quantri')).page
  const inDatabase = <T>(work: Parameters<typeof withDatabase<T>>[1]) =>
    withDatabase({ ...process.env, DATABASE_URL: '', IMOIT_DATA: theOffice().ministry.dataFolder }, work)
  const faultless = async () => {
    const { violations } = await new AxeBuilder({ page: await admin() }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
  }
  let standing = 0

  leg('the dry run names the cases that do not fit', async () => {
    const page = await admin()
    await inDatabase(async (db) => {
      const [newest] = await db.sql<{ xml: string }[]>`
        select xml from flow_versions where flow_id = ${FLOW} order by version desc limit 1`
      // the step where cases wait for the Office gets another id: nothing says by itself that it is the same
      await publishFlow(db, { xml: newest!.xml.replace(/([">])submit(["<])/g, '$1submitAnew$2') })
      const [counted] = await db.sql<{ count: number }[]>`
        select count(distinct t.case_id)::int as count from tasks t join cases c on c.id = t.case_id join flow_versions v on v.id = c.flow_version_id
        where v.flow_id = ${FLOW} and v.version = 1 and t.state = 'open' and t.element_id = 'submit'`
      standing = counted?.count ?? 0
    })
    expect(standing).toBeGreaterThan(0)
    await page.goto('/administration/cases')
    await page.getByRole('link', { name: 'Chuyển hồ sơ sang phiên bản khác' }).click()
    const choice = page.locator('select[name=move]')
    await choice.selectOption((await choice.locator(`option[value^="${FLOW} 1 "]`).first().getAttribute('value')) ?? '')
    await page.getByRole('button', { name: 'Kiểm tra' }).click()
    await page.waitForURL(/migrations\/[0-9a-f-]{36}/)
    await page.getByText('Đã kiểm tra', { exact: true }).waitFor()
    await page.getByText(`${standing} chưa phù hợp`).waitFor()
    await page.getByText(`“Trình lãnh đạo” không còn: ${standing} hồ sơ đang ở đó`).waitFor()
    await faultless()
    await theOffice().picture('migration-checked')
  })

  leg('mapped by hand, all of them fit and are moved', async () => {
    const page = await admin()
    await page.locator('select[name="map:submit"]').selectOption('submitAnew')
    await page.getByRole('button', { name: 'Lưu và kiểm tra lại' }).click()
    await page.getByText('chưa phù hợp').first().waitFor({ state: 'detached' })
    const move = page.locator('summary', { hasText: 'Chuyển' })
    await move.click()
    await page.locator('input[name=reason]').fill(REASON)
    await page.getByRole('button', { name: 'Chuyển', exact: true }).click()
    await page.getByText('Đã xong', { exact: true }).waitFor({ timeout: 60_000 })
    await theOffice().picture('migration-done')
    await inDatabase(async (db) => {
      const rows = await db.sql<{ element: string; open: number }[]>`
        select t.element_id as element, count(*)::int as open from tasks t join cases c on c.id = t.case_id join flow_versions v on v.id = c.flow_version_id
        where v.flow_id = ${FLOW} and t.state = 'open' and t.element_id like 'submit%' group by 1`
      expect(rows).toEqual([{ element: 'submitAnew', open: expect.any(Number) as number }])
      const left = await db.sql`select 1 from cases c join flow_versions v on v.id = c.flow_version_id
        where v.flow_id = ${FLOW} and v.version = 1 and c.ended_at is null`
      expect(left).toHaveLength(0)
    })
  })

  leg('a case is changed once its consequences were seen', async () => {
    const page = await admin()
    const caseId = await inDatabase(async (db) => {
      const [found] = await db.sql<{ caseId: string }[]>`
        select case_id as "caseId" from tasks where element_id = 'submitAnew' and state = 'open' limit 1`
      return found!.caseId
    })
    await page.goto(`/administration/cases/${caseId}`)
    await page.locator('.flow-canvas[data-drawn]').waitFor()
    await faultless()
    await theOffice().picture('case-administered')
    await page.locator('.tokens').getByRole('link', { name: 'Điều chỉnh' }).first().click()
    const form = page.locator('form', { has: page.locator('select[name=to]') })
    await form.locator('select[name=to]').selectOption('register')
    await form.locator('input[name=reason]').fill('Vào sổ nhầm kỳ, cần vào lại')
    await form.getByRole('button', { name: 'Xem trước' }).click()
    const rehearsal = page.locator('.rehearsal')
    await rehearsal.getByText('Việc “Trình lãnh đạo” được thu lại').waitFor()
    await rehearsal.getByText('Việc “Vào sổ” được giao').waitFor()
    await faultless()
    await theOffice().picture('case-rehearsed')
    await rehearsal.getByRole('button', { name: 'Thực hiện' }).click()
    await page.getByText('Đã thực hiện.').waitFor()
    const tokens = page.locator('.tokens')
    await until('the case stands at the register', async () => (await tokens.innerText()).includes('Vào sổ'))
  })

  leg('its history says so to whoever handles it', async () => {
    const { page } = await theOffice().person('vanthu')
    const documentId = await inDatabase(async (db) => {
      const [found] = await db.sql<{ id: string }[]>`
        select c.document_id as id from cases c join case_events e on e.case_id = c.id and e.type = 'caseModified' order by e.at desc limit 1`
      return found!.id
    })
    await page.goto(`/documents/${documentId}`)
    await page.getByText('chuyển từ “Trình lãnh đạo” sang “Vào sổ”').first().waitFor()
    await page.getByText('Vào sổ nhầm kỳ, cần vào lại').first().waitFor()
    await page.getByText(REASON).first().waitFor()
  })
}

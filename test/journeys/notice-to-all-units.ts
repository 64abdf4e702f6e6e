import { expect } from 'vitest'
import { demonstrationPosts } from '#app/demonstration/people.ts'
import { readCsv } from '#db/reference/csv.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'

const CODE = '55/TB-BCT'
const SUBJECT = 'Kết luận của Thứ trưởng Khương Bảo Thạch tại Hội nghị đẩy mạnh triển khai dịch vụ công trực tuyến'
const HEADS = ['minister', 'chief-of-office', 'head']

/** Notice 55/TB-BCT goes to every unit: a parallel multi-instance over 31 of them. */
export function noticeToAllUnits(theOffice: () => Office): void {
  const it = journey(theOffice)
  const units = readCsv(new URL('../../db/reference/units.csv', import.meta.url)).map(({ code = '', name = '' }) => ({
    code,
    name,
  }))
  let documentPage = ''

  it('is registered by the clerk under number 55 and issued to 31 units', async () => {
    expect(units).toHaveLength(31)
    const clerk = await theOffice().person('vanthu')
    await clerk.open(SUBJECT)
    expect(await clerk.page.locator('.next-code').textContent()).toContain(CODE)
    expect(await clerk.pdfDots()).toBeGreaterThan(500)
    const said = await clerk.decide('issued')
    expect(said).toContain(CODE)
    documentPage = (await clerk.page.locator('.done-banner a').first().getAttribute('href')) ?? ''
  })

  it('is noted by one head, directed by another, only opened by a third', async () => {
    const first = await theOffice().person('tmdt.truong')
    await first.open(CODE)
    await first.field('opinion').fill('Đã phổ biến trong Cục.')
    await first.decide('noted')

    const second = await theOffice().person('pc.truong')
    await second.open(CODE)
    await second.decide('directed', async () => {
      await second.chooseColleague('carryOutPost', 'Diêm Tuấn Kiệt')
      await second.field('carryOutDeadline').fill('3 ngày')
      await second.field('instruction').fill('Xây dựng văn bản về thời hạn nhận hồ sơ trực tuyến.')
    })

    const third = await theOffice().person('khcn.truong')
    await third.open(CODE)
  })

  it('shows the Office exactly who has not opened it', async () => {
    const { page } = await theOffice().person('theodoi')
    await page.goto('/monitor')
    const line = page.locator('.monitor-lines li', { hasText: CODE })
    await line.locator('summary').click()
    const named = (await line.locator('details p').textContent())?.split('; ').sort()
    const opened = ['TMDT', 'PC', 'KHCN']
    expect(named).toEqual(
      units
        .filter(({ code }) => !opened.includes(code))
        .map(({ name }) => name)
        .sort(),
    )
  })

  it('is closed when every unit has answered', async () => {
    const third = await theOffice().person('khcn.truong')
    await third.open(CODE)
    await third.decide('noted')
    const specialist = await theOffice().person('pc.cv')
    await specialist.open(CODE)
    expect(await specialist.page.locator('main').textContent()).toContain('Xây dựng văn bản về thời hạn')
    await specialist.field('result').fill('Đã trình dự thảo văn bản về thời hạn.')
    await specialist.decide('done')

    // The others answer without scripts, which is quicker, and has to work as well.
    const posts = demonstrationPosts()
    for (const { code } of units.filter((unit) => !['TMDT', 'PC', 'KHCN'].includes(unit.code))) {
      const head = posts.find((post) => post.unit === code && HEADS.includes(post.role))
      if (!head) throw new Error(`nobody heads ${code}`)
      const client = await theOffice().client(head.username)
      const task = await client.waiting(CODE)
      if (!task) throw new Error(`${CODE} does not wait for ${head.username}`)
      expect((await client.complete(task, { outcome: 'noted', opinion: 'Đã nhận.' })).status).toBe(302)
    }

    const { page } = await theOffice().person('theodoi')
    await until('the monitor has nothing more to ask about it', async () => {
      await page.goto('/monitor')
      return (await page.locator('.monitor-lines li', { hasText: CODE }).count()) === 0
    })
    const clerk = await theOffice().person('vanthu')
    await clerk.page.goto(documentPage)
    expect(await clerk.page.locator('main').textContent()).toContain('Đã hoàn thành')
    expect(await clerk.marked('done')).toContain('closed')
  })
}

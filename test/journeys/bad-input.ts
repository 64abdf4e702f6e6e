import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { demonstrationLetter } from '#app/start/demonstration-letter.ts'
import { until } from '#test/fixtures/until.ts'
import { journey } from './journey.ts'
import type { Office } from './office.ts'
import { formKey } from './web-client.ts'

const CODE = '4714/VPCP-KSTT'

/** Through the real web and the real node; every refusal leaves what was there as it was. */
export function badInput(theOffice: () => Office): void {
  const leg = journey(theOffice)
  let task = ''

  it('a message that is no good is refused at the node with its reason, and nobody sees anything of it', async () => {
    const { governmentOffice, dataFolder } = theOffice().ministry
    const { edxml } = await demonstrationLetter(Date.now(), '4799')
    const good = edxml.toString('utf8')
    const spoilt: Record<string, string> = {
      'cut off': good.slice(0, good.length / 2),
      'wrong namespace': good.replaceAll('QCVN_102_2016', 'QCVN_102_2099'),
      'no document id': good.replace(/<edXML:DocumentId>[^<]*<\/edXML:DocumentId>/, ''),
      'a document type declaration': good.replace(
        /\?>/,
        '?><!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      ),
      'a file name with a path': good.replaceAll('4799-VPCP-KSTT.pdf', '../../4799.pdf'),
    }
    for (const [what, xml] of Object.entries(spoilt)) {
      const refusal = await governmentOffice.send(Buffer.from(xml), { messageType: 'edoc' }).then(
        () => null,
        (error: unknown) => error,
      )
      expect(refusal, what).toMatchObject({ name: 'ExchangeRefused', vi: expect.any(String), en: expect.any(String) })
    }
    const log = await readFile(path.join(dataFolder, 'log', 'node.log'), 'utf8')
    expect(log.match(/"ErrorCode":"(22|21|10)"|refused/g)?.length ?? 0).toBeGreaterThanOrEqual(5)
    const clerk = await theOffice().client('vanthu')
    expect(await clerk.waiting('4799')).toBeNull()
  })

  leg('the same message twice is acknowledged twice and stands in the queue once', async () => {
    const { governmentOffice } = theOffice().ministry
    const { edxml } = await demonstrationLetter(Date.now(), '4714')
    const first = await governmentOffice.send(edxml, { messageType: 'edoc' })
    const clerk = await theOffice().client('vanthu')
    task = await until('it waits', () => clerk.waiting(CODE))
    const second = await governmentOffice.send(edxml, { messageType: 'edoc' })
    expect(second).toEqual(first)
    const html = await clerk.page('/?show=register')
    expect(html.match(/<tr[\s\S]*?<\/tr>/g)?.filter((row) => row.includes(CODE))).toHaveLength(1)
  })

  leg('a field missing, too long or of the wrong kind is named beside it, and the task stays', async () => {
    const clerk = await theOffice().client('vanthu')
    const fields = {
      outcome: 'registered',
      number: '4714',
      notation: 'VPCP-KSTT',
      agencyName: 'Văn phòng Chính phủ',
      issuedOn: '2026-11-01',
      kindCode: 'CV',
      subject: 'V/v báo cáo',
    }
    for (const [wrong, value, sentence] of [
      ['subject', '', 'Chưa điền ô này.'],
      ['subject', 'a'.repeat(501), 'Nội dung quá dài.'],
      ['number', 'bốn bảy', 'Số văn bản gồm chữ số'],
      ['issuedOn', '31/31/2026', 'Hãy chọn một ngày.'],
    ] as const) {
      const answer = await clerk.complete(task, { ...fields, [wrong]: value })
      expect(answer.status, wrong).toBe(422)
      expect(await answer.text()).toContain(sentence)
    }
    const secret = await clerk.complete(task, { ...fields, secrecy: '2' })
    expect(secret.status).toBe(422)
    expect(await secret.text()).toMatch(/mật/i)
    expect(await clerk.waiting(CODE)).toBe(task)
  })

  leg('a task completed from two windows is done once, and the second hears who was first', async () => {
    const [one, two] = [await theOffice().client('vanthu'), await theOffice().client('vanthu2')]
    const reason = { outcome: 'refused', reason: 'Văn bản gửi nhầm nơi nhận, đề nghị gửi lại.' }
    const [firstPage, secondPage] = [await one.page(task), await two.page(task)]
    const first = await one.post(task, { key: formKey(firstPage), ...reason })
    expect(first.status).toBe(302)
    // The same window's form once more, as after a lost answer: nothing is done again.
    expect((await one.post(task, { key: formKey(firstPage), ...reason })).status).toBe(302)
    const second = await two.post(task, { key: formKey(secondPage), ...reason })
    expect(second.status).toBe(409)
    expect(await second.text()).toContain('Mạc Thị Nhàn')
  })

  it('an upload whose content is not its type is not kept', async () => {
    const specialist = await theOffice().client('tmdt.cv')
    const drafting = await specialist.waiting('Dự thảo trả lời')
    if (!drafting) throw new Error('tmdt.cv drafts nothing')
    const versions = async () => (await specialist.page(drafting)).match(/class="draft-line"/g)?.length ?? 0
    const before = await versions()
    const file = new File(['MZ, no PDF at all'], 'du-thao.pdf', { type: 'application/pdf' })
    const answer = await specialist.post(`${drafting}/draft`, { draft: file })
    expect(answer.status).toBe(415)
    expect(await answer.text()).toContain('PDF')
    expect(await versions()).toBe(before)

    const stranger = await theOffice().client('hc.cv')
    expect((await stranger.get(drafting)).status).toBe(404)
    expect((await stranger.post(drafting, { key: crypto.randomUUID(), outcome: 'noReply', result: 'x' })).status).toBe(
      404,
    )
  })

  it('another unit’s document is not there: by address, list, count, search and download', async () => {
    const owner = await theOffice().client('tmdt.cv')
    const listed = await owner.page('/documents/incoming?q=4711')
    const address = /\/documents\/[0-9a-f-]{36}/.exec(listed)?.[0] ?? ''
    const file = new RegExp(`${address}/files/[0-9a-f-]{36}`).exec(await owner.page(address))?.[0] ?? ''
    expect((await owner.get(file)).status).toBe(200)

    const stranger = await theOffice().client('hc.cv')
    expect((await stranger.get(address)).status).toBe(404)
    expect((await stranger.get(file)).status).toBe(404)
    for (const page of ['/search?q=4711%2FVPCP-KSTT', '/documents/incoming?q=4711']) {
      const html = await stranger.page(page)
      expect(html, page).not.toContain(address)
    }
  })

  it('a form from another site is refused', async () => {
    const { webUrl } = theOffice().ministry
    const answer = await fetch(`${webUrl}/sign-in`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=vanthu&password=x',
    })
    expect(answer.status).toBe(403)
  })
}

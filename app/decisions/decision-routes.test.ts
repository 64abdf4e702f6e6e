import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionDrawing, decisionFiles } from '#db/decision-drafts.ts'
import { decisionModel } from '#db/decisions.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import * as page from '../routes/_app.flows.decisions.$modelId.tsx'
import * as compare from '../routes/_app.flows.decisions.$modelId_.compare.tsx'
import * as presence from '../routes/_app.flows.decisions.$modelId_.presence.ts'
import * as publish from '../routes/_app.flows.decisions.$modelId_.publish.tsx'
import * as save from '../routes/_app.flows.decisions.$modelId_.save.ts'
import * as list from '../routes/_app.flows.decisions._index.tsx'

let office: OfficeAtWork
let xml: string
beforeAll(async () => {
  office = await officeAtWork()
  xml = await readFile(new URL('../../bpmn/decisions/lead-unit.dmn', import.meta.url), 'utf8')
})
afterAll(() => office.close())

const refusalOf = (data: unknown) => (data as { refusal?: { code: string } }).refusal?.code
const modelId = 'lead-unit'

function importing(who: string, content: string) {
  const form = new FormData()
  form.set('file', new File([content], 'bang.dmn'))
  return answerOf(list.action(office.asking(who, '/flows/decisions', {}, form)))
}
function sending(who: string, body: unknown, { action }: typeof save | typeof presence = save) {
  const asked = office.asking(who, '/', { modelId })
  const headers = { cookie: asked.request.headers.get('cookie') ?? '', 'content-type': 'application/json' }
  const request = new Request(asked.request.url, { method: 'POST', headers, body: JSON.stringify(body) })
  return answerOf(action({ ...asked, request }))
}
const publishing = (who: string, fields: Record<string, string>) =>
  answerOf(publish.action(office.asking(who, '/', { modelId }, fields)))
const comparing = (who: string, search: string) =>
  answerOf(compare.loader(office.asking(who, `/flows/decisions/lead-unit/compare${search}`, { modelId })))

describe('decision tables through their routes', () => {
  it('are neither seen nor changed by anybody without the role', async () => {
    for (const who of ['clerk', 'minister', 'tmdtHead', 'monitor']) {
      expect((await answerOf(list.loader(office.asking(who, '/')))).status).toBe(403)
      expect((await importing(who, xml)).status).toBe(403)
      expect((await sending(who, { onto: 0, base: null, xml })).status).toBe(403)
      expect((await sending(who, { windowId: randomUUID() }, presence)).status).toBe(403)
      expect((await publishing(who, { revision: '1', onto: '', reason: 'x' })).status).toBe(403)
      for (const { loader } of [page, publish])
        expect((await answerOf(loader(office.asking(who, '/', { modelId })))).status).toBe(403)
      expect((await comparing(who, '')).status).toBe(403)
    }
    expect(await decisionFiles(office.db)).toEqual([])
  })

  it('come in as files, are drawn on, and answer business rule tasks once they are published', async () => {
    expect((await importing('admin', xml)).to).toBe('/flows/decisions/lead-unit')
    const changed = xml.replace('<text>3</text>', '<text>4</text>')
    const base = null
    expect(await sending('admin', { onto: 1, base, xml: changed })).toMatchObject({
      status: 200,
      data: { revision: 2 },
    })
    expect(refusalOf((await sending('admin', { onto: 1, base, xml })).data)).toBe('draft-changed')
    expect(await decisionModel(office.db, office.db.sql, 'leadUnit')).toBeNull()
    const onto = ''
    expect(refusalOf((await publishing('admin', { revision: '1', onto, reason: 'Mới' })).data)).toBe('draft-changed')
    expect(refusalOf((await publishing('admin', { revision: '2', onto, reason: '' })).data)).toBe('reason-missing')
    expect((await publishing('admin', { revision: '2', onto, reason: 'Mới' })).to).toBe('/flows/decisions/lead-unit')
    expect((await decisionModel(office.db, office.db.sql, 'leadUnit'))?.decisions[0]?.logic).toMatchObject({
      kind: 'table',
    })
    expect((await decisionDrawing(office.db, modelId)).xml).toBe(changed)
  })

  it('show what publishing changes, and what changed from version to version', async () => {
    const nothing = await answerOf(publish.loader(office.asking('admin', '/', { modelId })))
    expect(nothing.to).toBe('/flows/decisions/lead-unit')
    await sending('admin', { onto: 0, base: 1, xml: xml.replace('<text>3</text>', '<text>2</text>') })
    const { data } = await answerOf(publish.loader(office.asking('admin', '/', { modelId })))
    const changed = { change: 'changed', cells: [{}, {}, {}, { before: '4', after: '2' }] }
    const decisions = [{ id: 'leadUnit', change: 'changed', rules: [changed, {}, {}, {}, {}] }]
    expect(data).toMatchObject({ drawing: { revision: 1, version: 1, base: 1 }, decisions })
    expect((await comparing('admin', '')).data).toMatchObject({ from: '1', to: 'draft', decisions })
    expect((await publishing('admin', { revision: '1', onto: '1', reason: 'Gấp hơn' })).status).toBe(302)
    expect((await comparing('admin', '?from=1&to=2')).data).toMatchObject({ decisions })
    for (const search of ['?from=1&to=draft', '?from=9', '?to=x'])
      expect((await comparing('admin', search)).status).toBe(404)
    const { versions } = (await answerOf(page.loader(office.asking('admin', '/', { modelId })))).data as {
      versions: { version: number; reason: string }[]
    }
    expect(versions).toMatchObject([
      { version: 2, reason: 'Gấp hơn' },
      { version: 1, reason: 'Mới' },
    ])
  })

  it('tell one window of the other', async () => {
    const { data } = await sending('admin', { windowId: randomUUID() }, presence)
    expect(data).toMatchObject({ version: 2, revision: 0, others: [] })
    expect((await sending('admin', { windowId: randomUUID(), leaving: true }, presence)).status).toBe(200)
  })

  it('are begun blank by a name, and refused in words where there is none or the file is none', async () => {
    const begun = await answerOf(list.action(office.asking('admin', '/', {}, { name: 'Thời hạn theo độ khẩn' })))
    expect(begun.to).toMatch(/^\/flows\/decisions\/thoi-han-theo-do-khan-/)
    const nameless = await answerOf(list.action(office.asking('admin', '/', {}, { name: ' ' })))
    expect([nameless.status, refusalOf(nameless.data)]).toEqual([422, 'name-missing'])
    for (const content of ['hello', '<html/>', '<definitions name="no id"/>'])
      expect(refusalOf((await importing('admin', content)).data)).toBe('decision-refused')
    expect(refusalOf((await sending('admin', 'hello')).data)).toBe('not-json')
    const none = await answerOf(page.loader(office.asking('admin', '/', { modelId: 'none' })))
    expect(none.status).toBe(404)
  })
})

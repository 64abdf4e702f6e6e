import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionDrawing, decisionFiles } from '#db/decision-drafts.ts'
import { decisionModel } from '#db/decisions.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import * as page from '../routes/_app.flows.decisions.$modelId.tsx'
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
function saving(who: string, body: unknown) {
  const asked = office.asking(who, '/', { modelId })
  const headers = { cookie: asked.request.headers.get('cookie') ?? '', 'content-type': 'application/json' }
  const request = new Request(asked.request.url, { method: 'POST', headers, body: JSON.stringify(body) })
  return answerOf(save.action({ ...asked, request }))
}
const publishing = (who: string, revision: string) =>
  answerOf(page.action(office.asking(who, '/', { modelId }, { intent: 'publish', revision })))

describe('decision tables through their routes', () => {
  it('are neither seen nor changed by anybody without the role', async () => {
    for (const who of ['clerk', 'minister', 'tmdtHead', 'monitor']) {
      expect((await answerOf(list.loader(office.asking(who, '/')))).status).toBe(403)
      expect((await importing(who, xml)).status).toBe(403)
      expect((await saving(who, { onto: 0, xml })).status).toBe(403)
      expect((await publishing(who, '1')).status).toBe(403)
      expect((await answerOf(page.loader(office.asking(who, '/', { modelId })))).status).toBe(403)
    }
    expect(await decisionFiles(office.db)).toEqual([])
  })

  it('come in as files, are drawn on, and answer business rule tasks once they are published', async () => {
    expect((await importing('admin', xml)).to).toBe('/flows/decisions/lead-unit')
    const changed = xml.replace('<text>3</text>', '<text>4</text>')
    expect(await saving('admin', { onto: 1, xml: changed })).toMatchObject({ status: 200, data: { revision: 2 } })
    expect(refusalOf((await saving('admin', { onto: 1, xml })).data)).toBe('draft-changed')
    expect(await decisionModel(office.db, office.db.sql, 'leadUnit')).toBeNull()
    expect(refusalOf((await publishing('admin', '1')).data)).toBe('draft-changed')
    expect((await publishing('admin', '2')).to).toBe('/flows/decisions')
    expect((await decisionModel(office.db, office.db.sql, 'leadUnit'))?.decisions[0]?.logic).toMatchObject({
      kind: 'table',
    })
    expect((await decisionDrawing(office.db, modelId)).xml).toBe(changed)
  })

  it('are begun blank by a name, and refused in words where there is none or the file is none', async () => {
    const begun = await answerOf(list.action(office.asking('admin', '/', {}, { name: 'Thời hạn theo độ khẩn' })))
    expect(begun.to).toMatch(/^\/flows\/decisions\/thoi-han-theo-do-khan-/)
    const nameless = await answerOf(list.action(office.asking('admin', '/', {}, { name: ' ' })))
    expect([nameless.status, refusalOf(nameless.data)]).toEqual([422, 'name-missing'])
    for (const content of ['hello', '<html/>', '<definitions name="no id"/>'])
      expect(refusalOf((await importing('admin', content)).data)).toBe('decision-refused')
    expect(refusalOf((await saving('admin', 'hello')).data)).toBe('not-json')
    const none = await answerOf(page.loader(office.asking('admin', '/', { modelId: 'none' })))
    expect(none.status).toBe(404)
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { openDrafts } from '#db/flow-drafts.ts'
import * as begin from '../routes/_app.flows.drafts._index.tsx'
import * as draft from '../routes/_app.flows.drafts.$draftId.tsx'
import * as save from '../routes/_app.flows.drafts.$draftId_.save.ts'
import { blankDrawing } from './drawing.ts'

let office: OfficeAtWork
beforeAll(async () => void (office = await officeAtWork()))
afterAll(() => office.close())

const refusalOf = (data: unknown) => (data as { refusal?: { code: string } }).refusal?.code

/** Begins a blank draft. @returns its id */
async function blank(name: string): Promise<string> {
  const { to } = await answerOf(begin.action(office.asking('admin', '/flows/drafts', {}, { name })))
  return to?.split('/').at(-1) ?? ''
}

function saving(who: string | null, draftId: string, body: unknown) {
  const asked = office.asking(who, `/flows/drafts/${draftId}/save`, { draftId })
  const request = new Request(asked.request.url, {
    method: 'POST',
    headers: { cookie: asked.request.headers.get('cookie') ?? '', 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return answerOf(save.action({ ...asked, request }))
}

describe('drafts through their routes', () => {
  it('are begun under an id of their own, which no flow has', async () => {
    const id = await blank('Incoming document')
    expect(await openDrafts(office.db)).toContainEqual(
      expect.objectContaining({ id, flowId: 'incoming-document-2', name: 'Incoming document' }),
    )
  })

  it('are begun of a version, and of nothing not', async () => {
    const form = { flowId: 'incoming-document', version: '1' }
    expect((await answerOf(begin.action(office.asking('admin', '/flows/drafts', {}, form)))).to).toMatch(
      /^\/flows\/drafts\//,
    )
    const missing = await answerOf(begin.action(office.asking('admin', '/flows/drafts', {}, { name: ' ' })))
    expect([missing.status, refusalOf(missing.data)]).toEqual([422, 'name-missing'])
    const unknown = await answerOf(begin.action(office.asking('admin', '/flows/drafts', {}, { flowId: 'nothing' })))
    expect(unknown.status).toBe(404)
  })

  const importing = async (name: string, content: string | Uint8Array<ArrayBuffer>) => {
    const form = new FormData()
    form.set('file', new File([content], name))
    return answerOf(begin.action(office.asking('admin', '/flows/drafts', {}, form)))
  }
  const bpmn = (body: string) =>
    `<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">${body}</d:definitions>`

  it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ['a file that is no BPMN', 'hello', 'not-bpmn'],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), 'not-bpmn'],
    ['a file of 20 MB', bpmn(`<d:process id="p"/><!--${'x'.repeat(20_000_000)}-->`), 'drawing-too-large'],
  ])('refuse %s in words, and begin nothing', async (_what, content, code) => {
    const before = (await openDrafts(office.db)).length
    const refused = await importing('tep.bpmn', content)
    expect(refusalOf(refused.data)).toBe(code)
    expect((await openDrafts(office.db)).length).toBe(before)
  })

  it('take a file with two processes by its executable one, and one with a known id as a draft of that flow', async () => {
    const two = await importing(
      'hai.bpmn',
      bpmn('<d:process id="other"/><d:process id="ours-two" isExecutable="true"/>'),
    )
    expect(two.to).toMatch(/imported$/)
    expect(await openDrafts(office.db, 'ours-two')).toHaveLength(1)
    const known = await importing('co.bpmn', bpmn('<d:process id="incoming-document" isExecutable="true"/>'))
    const draftId = /drafts\/([0-9a-f-]{36})/.exec(known.to ?? '')?.[1] ?? ''
    const page = await answerOf(draft.loader(office.asking('admin', known.to ?? '', { draftId })))
    expect(page.data).toMatchObject({ newest: { version: 1 }, draft: { baseVersion: 1 } })
  })

  it('are saved under the id and name that are drawn in them', async () => {
    const id = await blank('Thử lưu')
    const answer = await saving('admin', id, { onto: 1, xml: blankDrawing('khac', 'Tên khác'), reason: 'drawn' })
    expect(answer).toMatchObject({ status: 200, data: { revision: 2, officeDoubts: [] } })
    expect(await openDrafts(office.db, 'khac')).toMatchObject([{ id, name: 'Tên khác' }])
  })

  it.each([
    ['no JSON', 'hello', 'not-json'],
    ['JSON of another shape', { onto: 'one' }, 'not-json'],
    ['no BPMN', { onto: 1, xml: '<html/>', reason: 'drawn' }, 'not-bpmn'],
    ['a save that comes too late', { onto: 7, xml: blankDrawing('a', 'a'), reason: 'drawn' }, 'draft-changed'],
  ])('refuse %s in words and stay as they are', async (_what, body, code) => {
    const id = await blank('Giữ nguyên')
    expect(refusalOf((await saving('admin', id, body)).data)).toBe(code)
    expect((await openDrafts(office.db)).find((one) => one.id === id)?.revision).toBe(1)
  })

  it('are neither seen nor saved by anybody without the role', async () => {
    const id = await blank('Của quản trị')
    for (const who of ['clerk', 'minister', 'tmdtHead', 'monitor']) {
      const seen = await answerOf(draft.loader(office.asking(who, `/flows/drafts/${id}`, { draftId: id })))
      expect([who, seen.status]).toEqual([who, 403])
      expect((await saving(who, id, { onto: 1, xml: blankDrawing('a', 'a'), reason: 'drawn' })).status).toBe(403)
    }
    expect((await saving(null, id, {})).to).toContain('/sign-in')
  })

  it('do not exist under another address', async () => {
    const none = randomUUID()
    const seen = await answerOf(draft.loader(office.asking('admin', `/flows/drafts/${none}`, { draftId: none })))
    expect(seen.status).toBe(404)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import type { Database } from './database.ts'
import { beginDraft, readDraft, saveDraft } from './flow-drafts.ts'
import {
  approvePublication,
  declinePublication,
  newestVersion,
  pendingPublication,
  publicationsOf,
  publishDraft,
} from './flow-publications.ts'

let db: Database
let office: Record<string, OfficeMember>
const actor = (name: string) => office[name]!.viewer

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
})
afterAll(() => db.close())

const drawing = (flowId: string, { name = 'Việc', fourEyes = false, broken = false } = {}) =>
  `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:t">
    <bpmn:process id="${flowId}" isExecutable="true">
      <bpmn:extensionElements><zeebe:properties><zeebe:property name="imoit.fourEyes" value="${fourEyes}" /></zeebe:properties></bpmn:extensionElements>
      <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f" sourceRef="start" targetRef="${broken ? 'nothing' : 'task'}" />
      <bpmn:manualTask id="task" name="${name}" /><bpmn:sequenceFlow id="g" sourceRef="task" targetRef="end" /><bpmn:endEvent id="end" />
    </bpmn:process></bpmn:definitions>`

const draftOf = (flowId: string, options = {}) =>
  beginDraft(db, {
    flowId,
    name: flowId,
    baseVersion: null,
    xml: drawing(flowId, options),
    postId: actor('admin').postId,
  })
const publish = (draftId: string, more = {}) =>
  publishDraft(db, actor('admin'), { draftId, revision: 1, onto: null, reason: 'Thêm bước', ...more })

describe('publishing a draft', () => {
  it('takes effect at once, with its reason, and closes the draft', async () => {
    const id = await draftOf('plain')
    expect(await publish(id)).toEqual({ version: 1 })
    expect(await newestVersion(db, 'plain')).toMatchObject({ version: 1, publishedBy: 'Người admin' })
    expect(await publicationsOf(db, 'plain')).toMatchObject([{ reason: 'Thêm bước', state: 'published', version: 1 }])
    expect((await readDraft(db, id)).state).toBe('published')
    await expect(publish(id)).rejects.toMatchObject({ code: 'draft-closed' })
  })

  it('is refused without a reason, and where errors bar it: nothing was published', async () => {
    const id = await draftOf('barred', { broken: true })
    await expect(publish(id, { reason: ' ' })).rejects.toMatchObject({ code: 'reason-missing' })
    await expect(publish(id)).rejects.toMatchObject({ code: 'flow-refused' })
    expect(await newestVersion(db, 'barred')).toBeNull()
    expect((await readDraft(db, id)).state).toBe('open')
  })

  it('is refused where somebody else has saved, or published, what was not looked at', async () => {
    const [mine, theirs] = [await draftOf('race'), await draftOf('race', { name: 'Việc khác' })]
    await publish(theirs)
    await expect(publish(mine)).rejects.toMatchObject({
      code: 'published-meanwhile',
      sentence: { vi: expect.stringContaining('Người admin') as string },
    })
    await expect(publish(mine, { onto: 1, revision: 7 })).rejects.toMatchObject({ code: 'draft-changed' })
    await expect(publish(mine, { onto: 1 })).rejects.toMatchObject({
      fields: { compared: expect.anything() as object },
    })
    expect(await publish(mine, { onto: 1, compared: true })).toEqual({ version: 2 })
  })
})

describe('a flow that takes four eyes', () => {
  it('waits for another administrator', async () => {
    const id = await draftOf('eyes', { fourEyes: true })
    expect(await publish(id)).toEqual({ asked: true })
    expect(await newestVersion(db, 'eyes')).toBeNull()
    expect(await pendingPublication(db, id)).toMatchObject({ askedBy: 'Người admin', reason: 'Thêm bước' })
    const approve = (name: string) => approvePublication(db, actor(name), { draftId: id, onto: null })
    await expect(approve('admin')).rejects.toMatchObject({ code: 'same-eyes' })
    expect(await approve('chief')).toEqual({ version: 1 })
    expect(await publicationsOf(db, 'eyes')).toMatchObject([{ decidedBy: 'Người chief', version: 1 }])
  })

  it('takes them also to stop taking them', async () => {
    expect(await publish(await draftOf('eyes'), { onto: 1, compared: true })).toEqual({ asked: true })
  })

  it('is drawn on when it was declined, and asks anew when it was changed', async () => {
    const id = await draftOf('declined', { fourEyes: true })
    await publish(id)
    await expect(declinePublication(db, actor('chief'), { draftId: id, answer: '' })).rejects.toMatchObject({
      code: 'reason-missing',
    })
    await declinePublication(db, actor('chief'), { draftId: id, answer: 'Thiếu bước thẩm định' })
    expect(await pendingPublication(db, id)).toBeNull()
    expect(await publicationsOf(db, 'declined')).toMatchObject([{ state: 'declined', answer: 'Thiếu bước thẩm định' }])
    await publish(id)
    const xml = drawing('declined', { name: 'Thẩm định', fourEyes: true })
    const { postId } = actor('admin')
    await saveDraft(db, { id, onto: 1, xml, flowId: 'declined', name: 'd', postId, reason: 'drawn' })
    expect(await pendingPublication(db, id)).toBeNull()
    await expect(approvePublication(db, actor('chief'), { draftId: id, onto: null })).rejects.toMatchObject({
      status: 404,
    })
  })
})

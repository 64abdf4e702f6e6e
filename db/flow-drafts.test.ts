import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import type { Database } from './database.ts'
import {
  beginDraft,
  discardDraft,
  draftHistory,
  draftRevision,
  leaveDraft,
  MAX_DRAWING_BYTES,
  openDrafts,
  readDraft,
  saveDraft,
  seeDraft,
} from './flow-drafts.ts'

let db: Database
let office: Record<string, OfficeMember>
const postOf = (name: string) => office[name]!.viewer.postId

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
})
afterAll(() => db.close())

const draft = (flowId: string = `flow-${randomUUID()}`) =>
  beginDraft(db, { flowId, name: 'Thử', baseVersion: null, xml: '<a/>', postId: postOf('admin') })
const save = (id: string, onto: number, xml: string, name = 'admin') =>
  saveDraft(db, { id, onto, xml, flowId: 'thu', name: 'Thử', postId: postOf(name), reason: 'drawn' })

describe('a draft', () => {
  it('is saved onto the revision it was drawn on', async () => {
    const id = await draft()
    expect(await save(id, 1, '<b/>')).toMatchObject({ revision: 2 })
    expect(await readDraft(db, id)).toMatchObject({ revision: 2, xml: '<b/>', savedBy: 'Người admin', state: 'open' })
  })

  it('keeps what the first of two wrote, and tells the second who was first', async () => {
    const id = await draft()
    await save(id, 1, '<first/>', 'chief')
    await expect(save(id, 1, '<second/>')).rejects.toMatchObject({
      code: 'draft-changed',
      sentence: { vi: expect.stringContaining('Người chief') as string },
    })
    expect((await readDraft(db, id)).xml).toBe('<first/>')
  })

  it('lets one of two saves through that come at the same time', async () => {
    const id = await draft()
    const both = await Promise.allSettled([save(id, 1, '<one/>'), save(id, 1, '<two/>', 'chief')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('has a history with everything that was kept, of one person’s minute the last', async () => {
    const id = await draft()
    await save(id, 1, '<b/>')
    await db.sql`update flow_draft_revisions set saved_at = saved_at - interval '2 minutes' where draft_id = ${id}`
    await save(id, 2, '<c/>')
    // the minute may turn between two saves of a slow machine: by the clock of the rows
    await db.sql`update flow_draft_revisions set saved_at = clock_timestamp() where draft_id = ${id} and revision = 3`
    await save(id, 3, '<d/>')
    const history = await draftHistory(db, id)
    expect(history.map(({ revision }) => revision)).toEqual([4, 2, 1])
    expect(history.at(-1)?.reason).toBe('begun')
    expect(await draftRevision(db, id, 2)).toBe('<b/>')
    await expect(draftRevision(db, id, 3)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('takes nothing more once it was discarded, and is on no list', async () => {
    const flowId = `flow-${randomUUID()}`
    const id = await draft(flowId)
    expect(await openDrafts(db, flowId)).toHaveLength(1)
    await discardDraft(db, id)
    expect(await openDrafts(db, flowId)).toEqual([])
    await expect(save(id, 1, '<b/>')).rejects.toMatchObject({ code: 'draft-closed' })
    await expect(discardDraft(db, id)).rejects.toMatchObject({ code: 'draft-closed' })
  })

  it('holds no drawing that is too large', async () => {
    const id = await draft()
    await expect(save(id, 1, 'x'.repeat(MAX_DRAWING_BYTES + 1))).rejects.toMatchObject({ status: 413 })
    expect((await readDraft(db, id)).revision).toBe(1)
  })

  it('does not exist under an address that is none', async () => {
    await expect(readDraft(db, 'no-id')).rejects.toMatchObject({ status: 404 })
    await expect(readDraft(db, randomUUID())).rejects.toMatchObject({ status: 404 })
  })
})

describe('who has a draft open', () => {
  it('is told to each other, and no longer once they left or fell silent', async () => {
    const id = await draft()
    const [mine, theirs] = [randomUUID(), randomUUID()]
    await seeDraft(db, { id, windowId: theirs, postId: postOf('chief') })
    const seen = () => seeDraft(db, { id, windowId: mine, postId: postOf('admin') })
    expect(await seen()).toMatchObject({ revision: 1, others: ['Người chief'] })
    await leaveDraft(db, { id, windowId: theirs })
    expect((await seen()).others).toEqual([])
    await seeDraft(db, { id, windowId: theirs, postId: postOf('chief') })
    await db.sql`update flow_draft_editors set seen_at = seen_at - interval '1 minute' where window_id = ${theirs}`
    expect((await seen()).others).toEqual([])
  })
})

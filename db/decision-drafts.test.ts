import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallOffice } from '#test/fixtures/small-office.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers.ts'
import {
  decisionDrawing,
  decisionFiles,
  discardDecision,
  MAX_DECISION_LENGTH,
  publishDrawnDecision,
  saveDecision,
} from './decision-drafts.ts'
import { openDatabase, type Database } from './database.ts'

let testDatabase: TestDatabase
let db: Database
let postId: string
let xml: string
const modelId = 'lead-unit'

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = openDatabase(testDatabase.url)
  postId = (await smallOffice(db)).admin!.viewer.postId
  xml = await readFile(new URL('../bpmn/decisions/lead-unit.dmn', import.meta.url), 'utf8')
})
afterAll(async () => {
  await db.close()
  await testDatabase.drop()
})

describe('a decision table that is drawn', () => {
  it('is saved as it is drawn, and published once with what was looked at', async () => {
    expect(await saveDecision(db, { modelId, xml, onto: 0, postId })).toBe(1)
    const changed = xml.replace('<text>3</text>', '<text>4</text>')
    expect(await saveDecision(db, { modelId, xml: changed, onto: 1, postId })).toBe(2)
    await expect(publishDrawnDecision(db, { modelId, revision: 1, postId })).rejects.toMatchObject({
      code: 'draft-changed',
    })
    expect(await publishDrawnDecision(db, { modelId, revision: 2, postId })).toEqual({ version: 1 })
    expect(await decisionDrawing(db, modelId)).toMatchObject({ xml: changed, revision: 0, version: 1 })
    expect(await decisionFiles(db)).toMatchObject([{ modelId, version: 1, publishedBy: 'Người admin', draftBy: null }])
  })

  it('is not saved over what somebody else has saved meanwhile', async () => {
    expect(await saveDecision(db, { modelId, xml, onto: 0, postId })).toBe(1)
    for (const onto of [0, 2])
      await expect(saveDecision(db, { modelId, xml, onto, postId })).rejects.toMatchObject({
        code: 'draft-changed',
        status: 409,
      })
    expect((await decisionDrawing(db, modelId)).revision).toBe(1)
    await discardDecision(db, modelId)
    expect(await decisionDrawing(db, modelId)).toMatchObject({ revision: 0, version: 1 })
    await expect(discardDecision(db, modelId)).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['no XML', 'hello'],
    ['a flow', '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'],
    ['another table', '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="other" name="x"/>'],
    ['a megabyte', 'x'.repeat(MAX_DECISION_LENGTH + 1)],
  ])('is refused in words: %s', async (_what, text) => {
    await expect(saveDecision(db, { modelId, xml: text, onto: 0, postId })).rejects.toMatchObject({
      code: 'decision-refused',
    })
  })
})

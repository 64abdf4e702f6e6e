import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallOffice } from '#test/fixtures/small-office.ts'
import { createTestDatabase, type TestDatabase } from '#test/servers.ts'
import {
  decisionDrawing,
  decisionFiles,
  discardDecision,
  importDecision,
  leaveDecision,
  MAX_DECISION_LENGTH,
  saveDecision,
  seeDecision,
} from './decision-drafts.ts'
import { decisionVersions, publishDrawnDecision } from './decision-publications.ts'
import { decisionModel } from './decisions.ts'
import { decisionUses } from './decision-use.ts'
import { publishFlow } from './flows.ts'
import { openDatabase, type Database } from './database.ts'

let testDatabase: TestDatabase
let db: Database
let postId: string
let clerkPost: string
let xml: string
const modelId = 'lead-unit'

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = openDatabase(testDatabase.url)
  const office = await smallOffice(db)
  postId = office.admin!.viewer.postId
  clerkPost = office.clerk!.viewer.postId
  xml = await readFile(new URL('../bpmn/decisions/lead-unit.dmn', import.meta.url), 'utf8')
})
afterAll(async () => {
  await db.close()
  await testDatabase.drop()
})

const withDays = (days: number) => xml.replace('<text>3</text>', `<text>${days}</text>`)
const save = (onto: number, base: number | null, days: number) =>
  saveDecision(db, { modelId, xml: withDays(days), onto, base, postId })
const publish = (revision: number, onto: number | null, ask: { reason?: string; compared?: boolean } = {}) =>
  publishDrawnDecision(db, { modelId, revision, onto, postId, reason: 'Đổi thời hạn', ...ask })

describe('a decision table that is drawn', () => {
  it('is published with its reason, once, as it was looked at', async () => {
    expect(await save(0, null, 3)).toBe(1)
    expect(await save(1, null, 4)).toBe(2)
    await expect(publish(1, null)).rejects.toMatchObject({ code: 'draft-changed' })
    await expect(publish(2, null, { reason: ' ' })).rejects.toMatchObject({
      code: 'reason-missing',
      fields: { reason: { vi: expect.stringContaining('lý do') as string } },
    })
    expect(await publish(2, null)).toEqual({ version: 1 })
    expect(await decisionDrawing(db, modelId)).toMatchObject({ xml: withDays(4), revision: 0, version: 1, base: 1 })
    expect(await decisionFiles(db)).toMatchObject([{ modelId, version: 1, publishedBy: 'Người admin', draftBy: null }])
    expect(await decisionVersions(db, modelId)).toMatchObject([
      { version: 1, reason: 'Đổi thời hạn', publishedBy: 'Người admin' },
    ])
  })

  it('answers from the moment it is published', async () => {
    const days = async () => {
      const logic = (await decisionModel(db, db.sql, 'leadUnit'))?.decisions[0]?.logic
      return logic?.kind === 'table' ? logic.rules[0]?.results[1] : undefined
    }
    expect(await days()).toBe('4')
    expect(await save(0, 1, 6)).toBe(1)
    expect(await days()).toBe('4')
    expect(await publish(1, 1, { reason: 'Nới hạn' })).toEqual({ version: 2 })
    expect(await days()).toBe('6')
    expect((await decisionVersions(db, modelId)).map(({ version, reason }) => `${version} ${reason}`)).toEqual([
      '2 Nới hạn',
      '1 Đổi thời hạn',
    ])
  })

  it('is not saved over what somebody else has saved meanwhile', async () => {
    expect(await save(0, 2, 7)).toBe(1)
    // The last of these began with the version before, and would undo what came with the newest.
    for (const [onto, base] of [
      [0, 2],
      [2, 2],
      [1, 1],
    ] as const)
      await expect(save(onto, base, 8)).rejects.toMatchObject({ code: 'draft-changed', status: 409 })
    expect(await decisionDrawing(db, modelId)).toMatchObject({ revision: 1, xml: withDays(7) })
    await expect(importDecision(db, { xml, postId })).rejects.toMatchObject({
      code: 'draft-there',
      sentence: { vi: expect.stringContaining('Người admin') as string },
    })
    await discardDecision(db, modelId)
    expect(await decisionDrawing(db, modelId)).toMatchObject({ revision: 0, version: 2 })
    await expect(discardDecision(db, modelId)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is not published over a version that was not looked at, nor as what is in use already', async () => {
    expect(await save(0, 1, 9)).toBe(1)
    await expect(publish(1, 1)).rejects.toMatchObject({
      code: 'published-meanwhile',
      sentence: { vi: expect.stringContaining('Phiên bản 2') as string },
    })
    await expect(publish(1, 2)).rejects.toMatchObject({
      code: 'published-meanwhile',
      fields: { compared: { en: expect.stringContaining('version 2') as string } },
    })
    expect((await decisionDrawing(db, modelId)).revision).toBe(1)
    expect(await publish(1, 2, { compared: true })).toEqual({ version: 3 })
    expect(await importDecision(db, { xml: withDays(9), postId })).toBe(modelId)
    await expect(publish(1, 3)).rejects.toMatchObject({ code: 'published-meanwhile' })
    await expect(publish(1, 3, { compared: true })).rejects.toMatchObject({ code: 'nothing-changed' })
    await discardDecision(db, modelId)
    await expect(publish(0, 3)).rejects.toMatchObject({ code: 'draft-changed' })
  })

  it('is not published without a decision that a flow asks for', async () => {
    const begin = '<b:startEvent id="s"/><b:sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    const ask =
      '<b:businessRuleTask id="t" name="Chọn đơn vị"><b:extensionElements><zeebe:calledDecision decisionId="leadUnit" resultVariable="lead"/></b:extensionElements></b:businessRuleTask>'
    await publishFlow(db, {
      xml: `<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:t">
        <b:process id="choosing" name="Chọn" isExecutable="true">${begin}${ask}<b:sequenceFlow id="g" sourceRef="t" targetRef="e"/><b:endEvent id="e"/></b:process></b:definitions>`,
    })
    expect(await decisionUses(db.sql, ['leadUnit', 'other'])).toMatchObject([
      { decision: 'leadUnit', flowId: 'choosing', flowName: 'Chọn', elementId: 't', elementName: 'Chọn đơn vị' },
    ])
    const renamed = xml.replaceAll('"leadUnit"', '"lead"').replaceAll('#leadUnit', '#lead')
    expect(await saveDecision(db, { modelId, xml: renamed, onto: 0, base: 3, postId })).toBe(1)
    await expect(publish(1, 3)).rejects.toMatchObject({
      code: 'decision-in-use',
      sentence: { vi: expect.stringContaining('bước “Chọn đơn vị” của “Chọn”') as string },
    })
    expect(await decisionDrawing(db, modelId)).toMatchObject({ revision: 1, version: 3 })
    await discardDecision(db, modelId)
  })

  it('says who else has it open, and what became of it', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    expect(await seeDecision(db, { modelId, windowId: mine, postId })).toMatchObject({ others: [], version: 3 })
    expect(await seeDecision(db, { modelId, windowId: theirs, postId: clerkPost })).toMatchObject({
      others: ['Người admin'],
      revision: 0,
    })
    await save(0, 3, 10)
    expect(await seeDecision(db, { modelId, windowId: mine, postId })).toMatchObject({
      others: ['Người clerk'],
      revision: 1,
      savedBy: 'Người admin',
      publishedBy: 'Người admin',
    })
    await leaveDecision(db, { modelId, windowId: theirs })
    expect((await seeDecision(db, { modelId, windowId: mine, postId })).others).toEqual([])
    for (const nothing of [
      { modelId: 'none', windowId: mine },
      { modelId, windowId: 'x' },
    ])
      await expect(seeDecision(db, { ...nothing, postId })).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['no XML', 'hello'],
    ['a flow', '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'],
    ['another table', '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="other" name="x"/>'],
    ['a megabyte', 'x'.repeat(MAX_DECISION_LENGTH + 1)],
  ])('is refused in words: %s', async (_what, text) => {
    await expect(saveDecision(db, { modelId, xml: text, onto: 0, base: null, postId })).rejects.toMatchObject({
      code: 'decision-refused',
    })
  })
})

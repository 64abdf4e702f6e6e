import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { badInput } from './bad-input.ts'
import { casesMoved } from './cases-moved.ts'
import { deadlines } from './deadlines.ts'
import { designer } from './designer.ts'
import { draftedDocuments } from './drafted-documents.ts'
import { everyPage } from './every-page.ts'
import { letterAnswered } from './letter-answered.ts'
import { noticeToAllUnits } from './notice-to-all-units.ts'
import { Office } from './office.ts'
import { redrawnAndMoved } from './redrawn-and-moved.ts'
import { signaturesChecked } from './signatures-checked.ts'

/**
 * The journeys share one ministry, which takes longest to bring up, and run one after the other: the last ones move its clock.
 * A part alone: `npx vitest run test/journeys -t 'a letter'`.
 */
let office: Office
const theOffice = () => office

beforeAll(async () => {
  office = await Office.open()
}, 360_000)
afterAll(() => office?.close(), 60_000)

describe('a letter from the Government Office is answered', () => letterAnswered(theOffice))
describe('notice 55/TB-BCT goes to every unit', () => noticeToAllUnits(theOffice))
describe('documents begin in the ministry', () => draftedDocuments(theOffice))
describe('bad input gets a clear sentence', () => badInput(theOffice))
describe('letters with signatures come in', () => signaturesChecked(theOffice))
describe('every page', () => everyPage(theOffice))
describe('an administrator redraws a flow', () => designer(theOffice))
describe('deadlines run', () => deadlines(theOffice))
describe('running cases are moved and changed', () => casesMoved(theOffice))
describe('a flow is redrawn, and its cases go over', () => redrawnAndMoved(theOffice))

it('no script of any page has complained on the way', async () => {
  expect(await office.scriptErrors()).toEqual([])
})

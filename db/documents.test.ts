import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { documentFacets, listDocuments, type DocumentFilter } from '#db/document-list.ts'
import { documentCompany, documentFacts } from '#db/documents.ts'
import { documentViews, fileContent, recordFile, recordView } from '#db/document-views.ts'
import { documentSearchText } from '#db/search-text.ts'
import type { Viewer } from '#db/visibility.ts'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

let db: Database
let office: Record<string, OfficeMember>
const as = (name: string): Viewer => office[name]!.viewer

const hour = 3_600_000
const now = Date.now()

interface Made {
  code?: string
  subject: string
  agency?: string
  direction?: string
  state?: string
  kind?: string
  unit?: string
  urgency?: number
  secrecy?: number
  dueAt?: number
  receivedAt?: number
  seenBy?: string[]
}

/** A document of the past that certain units may see; @returns its id */
async function made(document: Made): Promise<string> {
  const {
    code = null,
    subject,
    agency = 'Văn phòng Chính phủ',
    direction = 'incoming',
    state = 'processing',
  } = document
  const unitIds = new Map(Object.values(office).map(({ viewer }) => [viewer.unitCode, viewer.unitId]))
  const [row] = await db.sql<{ id: string }[]>`
    insert into documents (direction, state, source, kind_code, code, subject, agency_name, received_at, due_at, urgency, secrecy, unit_id, search, created_at)
    values (${direction}, ${state}, 'paper', ${document.kind ?? 'CV'}, ${code}, ${subject}, ${agency},
      to_timestamp(${(document.receivedAt ?? now) / 1000}::float8), to_timestamp(${document.dueAt === undefined ? null : document.dueAt / 1000}::float8),
      ${document.urgency ?? 0}, ${document.secrecy ?? 0}, ${document.unit ? unitIds.get(document.unit)! : null},
      ${documentSearchText({ code, agencyName: agency, subject })}, now()) returning id`
  for (const unit of document.seenBy ?? []) {
    await db.sql`insert into document_access (document_id, grantee, since) values (${row!.id}, ${unitIds.get(unit)!}, now())`
  }
  return row!.id
}

const page = { sort: 'date', descending: true, limit: 25, offset: 0 } as const
const subjects = async (
  viewer: Viewer,
  filter: Partial<DocumentFilter> = {},
  order: Partial<typeof page> | object = {},
) =>
  (await listDocuments(db, viewer, { direction: 'incoming', ...filter }, { ...page, ...order })).map(
    (row) => row.subject,
  )
const counts = async (viewer: Viewer, filter: Partial<DocumentFilter> = {}): Promise<Record<string, number | null>> => {
  const { facets, total } = await documentFacets(db, viewer, { direction: 'incoming', ...filter })
  return {
    ...Object.fromEntries(facets.map((row) => [`${row.facet}:${row.value}`, row.count])),
    'total:all': total,
  }
}

let ours: string
let theirs: string
let secret: string

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
  ours = await made({
    code: '7816/VPCP-TTĐT',
    subject: 'Báo cáo dịch vụ công trực tuyến',
    unit: 'TMDT',
    seenBy: ['TMDT'],
    dueAt: now - 50 * hour,
    receivedAt: now - 100 * hour,
  })
  theirs = await made({
    code: '12/BTC-QLG',
    subject: 'Điều chỉnh thuế xuất khẩu',
    agency: 'Bộ Tài chính',
    unit: 'XNK',
    seenBy: ['XNK'],
    kind: 'BC',
    dueAt: now + 5 * hour,
    receivedAt: now - 50 * hour,
  })
  await made({
    subject: 'Ấn phẩm về chữ viết',
    unit: 'XNK',
    seenBy: ['XNK', 'TMDT'],
    urgency: 2,
    state: 'closed',
    dueAt: now - 9 * hour,
    receivedAt: now - 20 * hour,
  })
  secret = await made({ subject: 'Kế hoạch mật', secrecy: 1, seenBy: ['TMDT'], receivedAt: now - 10 * hour })
})
afterAll(() => db.close())

describe('a list of documents', () => {
  it('holds what the viewer may see, and its counts count the same', async () => {
    expect(await subjects(as('clerk'))).toEqual([
      'Ấn phẩm về chữ viết',
      'Điều chỉnh thuế xuất khẩu',
      'Báo cáo dịch vụ công trực tuyến',
    ])
    expect(await subjects(as('tmdtSpecialist'))).toEqual(['Ấn phẩm về chữ viết', 'Báo cáo dịch vụ công trực tuyến'])
    expect(await subjects(as('pcHead'))).toEqual([])
    expect(await counts(as('pcHead'))).toEqual({ 'total:all': 0 })
    expect(await counts(as('tmdtSpecialist'))).toMatchObject({
      'total:all': 2,
      'unit:TMDT': 1,
      'unit:XNK': 1,
      'state:closed': 1,
    })
    expect(await counts({ ...as('tmdtSpecialist'), clearance: 1 })).toMatchObject({ 'total:all': 3 })
  })

  it('filters by state, unit, kind, urgency, deadline, days and words', async () => {
    const clerk = as('clerk')
    expect(await subjects(clerk, { state: 'closed' })).toEqual(['Ấn phẩm về chữ viết'])
    expect(await subjects(clerk, { unit: 'XNK', kind: 'BC' })).toEqual(['Điều chỉnh thuế xuất khẩu'])
    expect(await subjects(clerk, { urgency: 2 })).toEqual(['Ấn phẩm về chữ viết'])
    expect(await subjects(clerk, { due: 'overdue' })).toEqual(['Báo cáo dịch vụ công trực tuyến'])
    expect(await subjects(clerk, { due: 'soon' })).toEqual(['Điều chỉnh thuế xuất khẩu'])
    expect(await subjects(clerk, { due: 'none' })).toEqual([])
    expect(await subjects(clerk, { from: '2100-01-01' })).toEqual([])
    expect(await subjects(clerk, { text: 'truc tuyen vpcp' })).toEqual(['Báo cáo dịch vụ công trực tuyến'])
  })

  it('counts each choice within all other filters, and the whole within all of them', async () => {
    const found = await counts(as('clerk'), { unit: 'XNK', due: 'soon' })
    // Without its own condition the facet shows what another unit would give.
    expect(found).toMatchObject({ 'total:all': 1, 'unit:XNK': 1, 'kind:BC': 1, 'state:processing': 1, 'due:soon': 1 })
    expect(found['unit:TMDT']).toBeUndefined()
    expect(found['state:closed']).toBeUndefined()
    const ofUnit = await counts(as('clerk'), { unit: 'XNK' })
    expect(ofUnit).toMatchObject({ 'total:all': 2, 'unit:TMDT': 1, 'unit:XNK': 2 })
    expect(ofUnit['due:overdue']).toBeUndefined()
  })

  it('sorts as Vietnamese does, and pages', async () => {
    const clerk = as('clerk')
    expect(await subjects(clerk, {}, { sort: 'subject', descending: false })).toEqual([
      'Ấn phẩm về chữ viết',
      'Báo cáo dịch vụ công trực tuyến',
      'Điều chỉnh thuế xuất khẩu',
    ])
    expect(await subjects(clerk, {}, { sort: 'subject', descending: true, limit: 1, offset: 1 })).toEqual([
      'Báo cáo dịch vụ công trực tuyến',
    ])
    expect(await subjects(clerk, {}, { sort: 'due', descending: false })).toEqual([
      'Báo cáo dịch vụ công trực tuyến',
      'Ấn phẩm về chữ viết',
      'Điều chỉnh thuế xuất khẩu',
    ])
  })

  it('counts no further than it was told, and still offers every choice', async () => {
    const all = { direction: 'incoming' } as const
    const few = await documentFacets(db, as('clerk'), all, 2)
    expect(few).toMatchObject({ total: 2, more: true })
    expect(few.facets.every(({ count }) => count === null)).toBe(true)
    expect(few.facets.filter(({ facet }) => facet === 'unit').map(({ value }) => value)).toContain('TMDT')
    expect(await documentFacets(db, as('clerk'), { ...all, due: 'overdue' }, 2)).toMatchObject({
      total: 1,
      more: false,
    })
    expect(await documentFacets(db, as('clerk'), all, 3)).toMatchObject({ total: 3, more: false })
  })

  it('marks what is overdue, and not what has ended', async () => {
    const rows = await listDocuments(db, as('clerk'), { direction: 'incoming' }, page)
    expect(Object.fromEntries(rows.map((row) => [row.subject, [row.overdue, row.ended]]))).toEqual({
      'Báo cáo dịch vụ công trực tuyến': [true, false],
      'Điều chỉnh thuế xuất khẩu': [false, false],
      'Ấn phẩm về chữ viết': [false, true],
    })
  })
})

describe('a document', () => {
  const sha256 = 'a'.repeat(64)
  let fileId: string
  beforeAll(async () => {
    await db.sql`insert into files (sha256, size, media_type, created_at) values (${sha256}, 9, 'application/pdf', now())`
    const [file] = await db.sql<{ id: string }[]>`
      insert into document_files (document_id, role, name, sha256, added_at) values (${theirs}, 'main', 'Công văn.pdf', ${sha256}, now()) returning id`
    fileId = file!.id
    await db.sql`insert into document_relations (document_id, related_id, kind) values (${theirs}, ${ours}, 'answers')`
    await db.sql`insert into document_parts (document_id, unit_id, part, since) values (${theirs}, ${as('xnkHead').unitId}, 'lead', now())`
  })

  it('of another unit is not there: the page, its file and what it is related to', async () => {
    const refused = { code: 'not-found', status: 404 }
    await expect(documentFacts(db, as('tmdtHead'), theirs)).rejects.toMatchObject(refused)
    await expect(documentFacts(db, as('tmdtHead'), 'no-uuid')).rejects.toMatchObject(refused)
    await expect(documentFacts(db, as('tmdtHead'), secret)).rejects.toMatchObject(refused)
    await expect(fileContent(db, as('tmdtHead'), { documentId: theirs, fileId })).rejects.toMatchObject(refused)
    // Nor does a document that one may see open the file of another.
    await expect(fileContent(db, as('tmdtHead'), { documentId: ours, fileId })).rejects.toMatchObject(refused)
    const facts = await documentFacts(db, as('tmdtHead'), ours)
    expect((await documentCompany(db, as('tmdtHead'), facts)).related).toEqual([])
    const all = await documentCompany(db, as('clerk'), await documentFacts(db, as('clerk'), ours))
    expect(all.related).toMatchObject([{ id: theirs, as: 'answeredBy', code: '12/BTC-QLG' }])
  })

  it('comes with its facts, files and parts', async () => {
    const facts = await documentFacts(db, as('xnkSpecialist'), theirs)
    expect(facts).toMatchObject({
      code: '12/BTC-QLG',
      agencyName: 'Bộ Tài chính',
      kindName: 'Báo cáo',
      unitName: 'Cục Xuất nhập khẩu',
    })
    const company = await documentCompany(db, as('xnkSpecialist'), facts)
    expect(company.files).toMatchObject([{ id: fileId, role: 'main', name: 'Công văn.pdf', sha256, size: 9 }])
    expect(company.parts).toMatchObject([{ part: 'lead', unitName: 'Cục Xuất nhập khẩu', openedAt: null }])
  })

  it('records each look and taking once a minute, and that the unit has opened it', async () => {
    await recordView(db, as('clerk'), theirs)
    const clerkOnly = await documentCompany(db, as('clerk'), await documentFacts(db, as('clerk'), theirs))
    expect(clerkOnly.parts[0]?.openedAt).toBeNull()

    await recordView(db, as('xnkHead'), theirs)
    await recordView(db, as('xnkHead'), theirs)
    for (const act of ['view', 'view', 'download', 'download'] as const)
      await recordFile(db, as('xnkHead'), { documentId: theirs, fileId }, act)
    const { parts } = await documentCompany(db, as('clerk'), await documentFacts(db, as('clerk'), theirs))
    expect(parts[0]?.openedBy).toBe('Người xnkHead')
    expect(parts[0]?.openedAt).toBeGreaterThan(now - hour)
    const views = await documentViews(db, as('monitor'), theirs)
    expect(views.map((view) => [view.fullName, view.act, view.fileName])).toEqual([
      ['Người xnkHead', 'download', 'Công văn.pdf'],
      ['Người xnkHead', 'view', 'Công văn.pdf'],
      ['Người xnkHead', 'view', null],
      ['Người clerk', 'view', null],
    ])
    expect(await documentViews(db, as('xnkHead'), theirs)).toEqual([])
  })
})

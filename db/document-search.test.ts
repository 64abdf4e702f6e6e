import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { searchDocuments } from '#db/document-search.ts'
import { documentSearchText } from '#db/search-text.ts'
import type { Viewer } from '#db/visibility.ts'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

let db: Database
let office: Record<string, OfficeMember>
const as = (name: string): Viewer => office[name]!.viewer

async function made(
  code: string | null,
  subject: string,
  more: { agency?: string; direction?: string; seenBy?: string } = {},
) {
  const { agency = 'Văn phòng Chính phủ', direction = 'incoming' } = more
  const [row] = await db.sql<{ id: string }[]>`
    insert into documents (direction, state, source, code, subject, agency_name, received_at, search, created_at)
    values (${direction}, 'registered', 'paper', ${code}, ${subject}, ${agency}, now(), ${documentSearchText({ code, agencyName: agency, subject })}, now()) returning id`
  if (more.seenBy)
    await db.sql`insert into document_access (document_id, grantee, since) values (${row!.id}, ${as(more.seenBy).unitId}, now())`
}

const subjectsOf = async (text: string, viewer = as('clerk'), direction: 'incoming' | 'outgoing' | null = null) =>
  (await searchDocuments(db, viewer, { text, direction, limit: 50 })).found.map((row) => row.subject)

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
  await made('7816/VPCP-TTĐT', 'Đẩy mạnh dịch vụ công trực tuyến', { seenBy: 'tmdtHead' })
  await made('17816/BNV-CCHC', 'Về việc nhắc lại công văn số 7816 của Văn phòng Chính phủ', { agency: 'Bộ Nội vụ' })
  await made('55/TB-BCT', 'Kết luận của Bộ trưởng về điện tử', { agency: 'Bộ Công Thương', direction: 'internal' })
  await made('155/TB-BCT', 'Kết luận khác', { agency: 'Bộ Công Thương', direction: 'internal' })
  await made(null, 'Đề nghị má nuôi tôm báo cáo', { agency: 'Bộ Nông nghiệp' })
  await made(null, 'Đề nghị mạ thép báo cáo', { agency: 'Bộ Xây dựng' })
  await made('01/BCT-TMĐT', 'Trả lời về dịch vụ công', { agency: 'Bộ Công Thương', direction: 'outgoing' })
})
afterAll(() => db.close())

describe('searching', () => {
  it('finds words with or without accents, đ or d, in any order, whatever the capitals', async () => {
    for (const text of [
      'dịch vụ công trực tuyến',
      'dich vu cong truc tuyen',
      'TUYEN truc DICH',
      'đẩy mạnh',
      'day manh',
      'vpcp dich vu',
      'Đay MẠNH'.normalize('NFD'),
    ])
      expect(await subjectsOf(text), text).toContain('Đẩy mạnh dịch vụ công trực tuyến')
    expect(await subjectsOf('dịch vụ thép')).toEqual([])
  })

  it('puts the exact number and notation first, then what begins so', async () => {
    expect((await subjectsOf('7816/VPCP-TTĐT'))[0]).toBe('Đẩy mạnh dịch vụ công trực tuyến')
    expect((await subjectsOf('7816/vpcp-ttdt'))[0]).toBe('Đẩy mạnh dịch vụ công trực tuyến')
    expect(await subjectsOf('55/tb-bct')).toEqual(['Kết luận của Bộ trưởng về điện tử', 'Kết luận khác'])
    const byNumber = await subjectsOf('7816')
    expect(byNumber).toHaveLength(2)
    expect(byNumber[0]).toBe('Đẩy mạnh dịch vụ công trực tuyến')
  })

  it('puts what is spelled as typed before what only folds to the same', async () => {
    expect(await subjectsOf('má báo cáo')).toEqual(['Đề nghị má nuôi tôm báo cáo', 'Đề nghị mạ thép báo cáo'])
    expect(await subjectsOf('mạ báo cáo')).toEqual(['Đề nghị mạ thép báo cáo', 'Đề nghị má nuôi tôm báo cáo'])
  })

  it('counts by direction, also when only one of them is shown', async () => {
    const { found, counts, more } = await searchDocuments(db, as('clerk'), {
      text: 'dịch vụ công',
      direction: 'outgoing',
      limit: 50,
    })
    expect(counts).toEqual({ incoming: 1, outgoing: 1, internal: 0 })
    expect(found.map((row) => row.subject)).toEqual(['Trả lời về dịch vụ công'])
    expect(more).toBe(false)
  })

  it('finds for a unit only what is theirs, in results and in counts, by words and by number', async () => {
    expect(await subjectsOf('dich vu cong', as('tmdtHead'))).toEqual(['Đẩy mạnh dịch vụ công trực tuyến'])
    for (const text of ['dich vu', '7816/VPCP-TTĐT', 'ket luan']) {
      const { found, counts } = await searchDocuments(db, as('pcHead'), { text, limit: 50 })
      expect({ found, counts }).toEqual({ found: [], counts: { incoming: 0, outgoing: 0, internal: 0 } })
    }
  })

  it('takes signs for what they are: none of them is a pattern', async () => {
    for (const text of ['%', '_', '%%%', "'; drop table documents; --", '\\', '***', '   '])
      expect(await subjectsOf(text), text).toEqual([])
  })

  it('goes through the trigram index, not through every document', async () => {
    const plan = await db.sql.begin(async (sql) => {
      await sql`set local enable_seqscan = off`
      return sql<
        { 'QUERY PLAN': string }[]
      >`explain select id from documents where search like '%truc%' and search like '%tuyen%'`
    })
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('documents_search')
  })
})

import { openDatabase, type Database } from '#db/database.ts'
import { documentFacets, listDocuments, type DocumentFilter } from '#db/document-list.ts'
import { searchDocuments } from '#db/document-search.ts'
import type { Viewer } from '#db/visibility.ts'
import { smallOffice } from '#test/fixtures/small-office.ts'
import { startBenchServer } from './bench-server.ts'
import { spread, timed } from './measure.ts'

const asked: Record<string, Partial<DocumentFilter>> = {
  whole: {},
  state: { state: 'processing' },
  unit: { unit: 'TMDT' },
  overdue: { due: 'overdue' },
  month: { from: '2026-03-01', to: '2026-03-31' },
  words: { text: 'hạn ngạch thuế quan' },
}

/** A page of the list of incoming documents, its filters' counts and the search, over very many documents, by what one may see. */
export async function benchLists(
  options: { documents?: number; rounds?: number } = {},
): Promise<Record<string, unknown>> {
  const { documents = 1_000_000, rounds = 20 } = options
  const server = await startBenchServer()
  const db = openDatabase(server.url, { max: 4 })
  try {
    const office = await smallOffice(db)
    await fill(db, documents)
    const viewers: Record<string, Viewer> = { everything: office.chief!.viewer, oneUnit: office.tmdtHead!.viewer }
    const latency: Record<string, Record<string, unknown>> = {}
    for (const [whose, viewer] of Object.entries(viewers)) {
      const of: Record<string, unknown> = (latency[whose] = {})
      for (const [what, filter] of Object.entries(asked)) {
        const list: number[] = []
        const counts: number[] = []
        let total = ''
        for (let round = -2; round < rounds; round += 1) {
          const keep = (samples: number[]) => (round < 0 ? [] : samples)
          const whole = { direction: 'incoming' as const, ...filter }
          const page = { sort: 'date' as const, descending: true, limit: 25, offset: 0 }
          await timed(keep(list), () => listDocuments(db, viewer, whole, page))
          await timed(keep(counts), async () => {
            const counted = await documentFacets(db, viewer, whole)
            total = `${counted.total}${counted.more ? '+' : ''}`
          })
        }
        of[what] = { total, page: spread(list), counts: spread(counts) }
      }
      const search: number[] = []
      for (let round = -2; round < rounds; round += 1)
        await timed(round < 0 ? [] : search, () => searchDocuments(db, viewer, { text: '4711/VPCP', limit: 60 }))
      of.search = spread(search)
    }
    return { documents, latency_ms: latency }
  } finally {
    await db.close()
    await server.close()
  }
}

/** Documents of two years; a unit may see a fifth of them. */
async function fill(db: Database, count: number): Promise<void> {
  const BATCH = 50_000
  for (let from = 0; from < count; from += BATCH) {
    await db.sql`
      with made as (
        insert into documents (direction, state, source, kind_code, number, notation, code, subject, agency_name, issued_on, received_at, register_number,
          registered_on, due_at, urgency, unit_id, search, created_at, closed_at)
        select case when n % 10 < 7 then 'incoming' when n % 10 < 9 then 'outgoing' else 'internal' end, s.state, 'exchange',
          (array['CV', 'TB', 'BC'])[1 + n % 3], n::text, 'VPCP-KTTH', n || '/VPCP-KTTH', 'Về việc ' || w.vi || ' lần ' || n, 'Văn phòng Chính phủ',
          r.at::date, r.at, n, r.at::date, case when n % 3 > 0 then r.at + interval '10 days' end, n % 4, u.id,
          n || ' ' || n || '/vpcp-ktth van phong chinh phu ve viec ' || w.folded || ' lan ' || n, r.at, case when s.state in ('closed', 'filed') then r.at end
        from generate_series(${from + 1}::int, ${Math.min(from + BATCH, count)}::int) as n
          cross join lateral (select now() - (n::float8 / ${count}) * interval '730 days' as at) r
          cross join lateral (select case when n < 20000 then 'processing' when n % 40 = 0 then 'filed' else 'closed' end as state) s
          cross join lateral (select case when n % 50 = 0 then 'hạn ngạch thuế quan' else 'báo cáo dịch vụ công' end as vi,
            case when n % 50 = 0 then 'han ngach thue quan' else 'bao cao dich vu cong' end as folded) w
          join (select id, row_number() over (order by sort) - 1 as place from units) u on u.place = n % 5
        returning id, unit_id
      )
      insert into document_access (document_id, grantee, since) select id, unit_id, now() from made`
  }
  await db.sql`vacuum analyze`
}

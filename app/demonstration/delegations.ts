import type { Database } from '#db/database.ts'

const SINCE = '2016-04-08'

/**
 * Who signs for whom in the demonstration (NĐ 30/2020 Điều 13): each Deputy Minister for the Minister, the Chief of Office by the
 * Minister's order. Once; what an administrator withdrew stays withdrawn.
 */
export async function giveDelegations(db: Database): Promise<void> {
  await db.sql`
    insert into delegations (from_post, to_person, kind, valid_from, basis, created_by_post, created_at)
    select m.id, p.person_id, case p.role when 'deputy-minister' then 'KT' else 'TL' end, ${SINCE}::date,
      'Quyết định về phân công công tác của lãnh đạo Bộ', m.id, clock_timestamp()
    from (select id from posts where role = 'minister' order by sort limit 1) m, posts p
    where p.role in ('deputy-minister', 'chief-of-office')
      and not exists (select 1 from delegations d where d.from_post = m.id and d.to_person = p.person_id)`
}

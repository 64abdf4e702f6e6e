import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'

export interface SavedView {
  name: string
  /** What stands behind the `?` of the list's address. */
  query: string
}

export interface ArrangedList {
  hiddenColumns: string[]
  views: SavedView[]
}

/** More than that nobody finds again. */
const mostViews = 20

/** How a person has arranged a list; as it comes when they have not. */
export async function arrangedList(db: Database, personId: string, list: string): Promise<ArrangedList> {
  const [row] = await db.sql<ArrangedList[]>`
    select hidden_columns as "hiddenColumns", views from person_lists where person_id = ${personId} and list = ${list}`
  return row ?? { hiddenColumns: [], views: [] }
}

export async function hideColumns(db: Database, personId: string, list: string, hidden: readonly string[]) {
  await db.sql`
    insert into person_lists (person_id, list, hidden_columns) values (${personId}, ${list}, ${[...hidden]}::text[])
    on conflict (person_id, list) do update set hidden_columns = excluded.hidden_columns`
}

/** Keeps a filter under a name; the same name again takes the newer one. @throws Refusal when there are too many */
export async function saveView(db: Database, personId: string, list: string, view: SavedView) {
  await db.sql.begin(async (sql) => {
    await sql`insert into person_lists (person_id, list) values (${personId}, ${list}) on conflict do nothing`
    const [row] = await sql<{ views: SavedView[] }[]>`
      select views from person_lists where person_id = ${personId} and list = ${list} for update`
    const others = (row?.views ?? []).filter(({ name }) => name !== view.name)
    if (others.length >= mostViews) throw tooManyViews()
    await sql`update person_lists set views = ${JSON.stringify([...others, view])}::text::jsonb where person_id = ${personId} and list = ${list}`
  })
}

export async function removeView(db: Database, personId: string, list: string, name: string) {
  await db.sql`
    update person_lists set views = coalesce(
      (select jsonb_agg(view order by place) from jsonb_array_elements(views) with ordinality as each (view, place) where view ->> 'name' <> ${name}), '[]')
    where person_id = ${personId} and list = ${list}`
}

const tooManyViews = () =>
  new Refusal('too-many-views', 422, {
    vi: `Đã có ${mostViews} bộ lọc được lưu cho danh sách này nên chưa lưu thêm. Hãy xóa bớt một bộ lọc rồi lưu lại.`,
    en: `${mostViews} filters are saved for this list already, so this one was not. Remove one and save again.`,
  })

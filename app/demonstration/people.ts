import { hash } from '@node-rs/argon2'
import type { Database } from '#db/database.ts'
import { demonstrationPassword } from '#app/demonstration-password.ts'
import { groupsOfPost } from '#db/posts.ts'
import type { Role } from '#db/roles.ts'
import { readCsv } from '#db/reference/csv.ts'

/** A post of an invented person, in the office's order. */
export interface DemonstrationPost {
  username: string
  fullName: string
  unit: string
  role: Role
  title: string
  titleEn: string
}

/**
 * Invented people in real posts. User names: `botruong`, `thutruong1`…, `chanhvp`, `phovp1`…, `vanthu`, `vanthu2`, `theodoi`,
 * `quantri`; in a unit its code with `.truong` (head), `.pho` (deputy), `.cv`, `.cv2` (specialists) or `.vt` (clerk). Somebody
 * with two posts stands in two rows.
 */
export function demonstrationPosts(): DemonstrationPost[] {
  return readCsv(new URL('./people.csv', import.meta.url)).map((row) => ({
    username: row.username ?? '',
    fullName: row.full_name ?? '',
    unit: row.unit ?? '',
    role: (row.role ?? '') as Role,
    title: row.title ?? '',
    titleEn: row.title_en ?? '',
  }))
}

/** "Lạc Đình Khuê" → "Khuê Lạc Đình": offices sort people by the given name. */
export function sortNameOf(fullName: string): string {
  const words = fullName.split(' ')
  return [words.at(-1), ...words.slice(0, -1)].join(' ')
}

/** Leaders 3 (Tuyệt mật), the Office's chiefs and clerks 2, heads 1, everybody else 0. */
function clearanceOf(role: Role): number {
  switch (role) {
    case 'minister':
    case 'deputy-minister':
      return 3
    case 'chief-of-office':
    case 'deputy-chief-of-office':
    case 'ministry-clerk':
      return 2
    case 'head':
    case 'deputy-head':
      return 1
    default:
      return 0
  }
}

/** Writes the people and their posts, once: a person or post that stands is left as it is. Needs the units. */
export async function createPeople(db: Database): Promise<void> {
  // One hash for all of them: a hash is slow by design, and the password is public.
  const passwordHash = await hash(demonstrationPassword)
  const posts = demonstrationPosts().map((post, index) => ({
    ...post,
    email: `${post.username}@moit.example`,
    sortName: sortNameOf(post.fullName),
    clearance: clearanceOf(post.role),
    sort: (index + 1) * 10,
    groups: groupsOfPost(post.role, post.unit),
  }))
  const rows = JSON.stringify(posts)
  await db.sql.begin(async (sql) => {
    await sql`insert into persons (username, password_hash, full_name, sort_name, email, clearance, demonstration)
      select distinct on (username) username, ${passwordHash}, "fullName", "sortName", email, clearance, true
      from jsonb_to_recordset(${rows}::text::jsonb)
        as r(username text, "fullName" text, "sortName" text, email text, clearance int, sort int)
      order by username, sort on conflict (username) do nothing`
    await sql`with named as (
        select n.id as person_id, u.id as unit_id, r.role, r.title, r."titleEn", r.sort, r.groups
        from jsonb_to_recordset(${rows}::text::jsonb)
          as r(username text, unit text, role text, title text, "titleEn" text, sort int, groups jsonb)
        join persons n on n.username = r.username and n.demonstration join units u on u.code = r.unit
      ), written as (
        insert into posts (person_id, unit_id, role, title, title_en, sort, valid_from)
        select person_id, unit_id, role, title, "titleEn", sort, '2016-01-01' from named
        where not exists (select 1 from posts p where p.person_id = named.person_id and p.unit_id = named.unit_id and p.role = named.role)
        returning id, person_id, unit_id, role
      )
      insert into post_groups (group_key, post_id)
      select g, w.id from written w join named using (person_id, unit_id, role), jsonb_array_elements_text(named.groups) as g`
  })
}

export interface DemonstrationLogin {
  username: string
  fullName: string
  title: string
  titleEn: string
  unit: string
  unitName: string
}

/** Who may sign in to try the ministry, in the office's order; somebody with two posts stands by the first. */
export async function demonstrationLogins(db: Database): Promise<DemonstrationLogin[]> {
  return db.sql<DemonstrationLogin[]>`
    select * from (
      select distinct on (n.id) n.username, n.full_name as "fullName", p.title, p.title_en as "titleEn", u.code as unit,
        u.name as "unitName", p.sort
      from persons n join posts p on p.person_id = n.id join units u on u.id = p.unit_id where n.demonstration order by n.id, p.sort
    ) l order by sort`
}

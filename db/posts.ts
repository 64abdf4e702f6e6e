import type { Database } from './database.ts'
import { rolesThatSeeAll, type Role } from './roles.ts'
import type { Viewer } from './visibility.ts'

/** The relations a post answers to, as flows name them. */
export function groupsOfPost(role: Role, unitCode: string): string[] {
  switch (role) {
    case 'minister':
    case 'deputy-minister':
      return ['role:leader', `unit:${unitCode}:head`]
    case 'chief-of-office':
    case 'deputy-chief-of-office':
      return ['role:chief-of-office', `unit:${unitCode}:head`]
    case 'ministry-clerk':
    case 'office-monitor':
    case 'administrator':
      return [`role:${role}`]
    case 'unit-clerk':
      return [`unit:${unitCode}:clerk`]
    case 'head':
    case 'deputy-head':
      return [`unit:${unitCode}:head`]
    case 'specialist':
      return [`unit:${unitCode}:specialist`]
  }
}

/** Puts a person into a unit in a role, with the relations that follow. */
export async function createPost(
  db: Database,
  post: {
    personId: string
    unitId: string
    unitCode: string
    role: Role
    title: string
    titleEn: string
    sort: number
    validFrom: string
  },
): Promise<string> {
  return db.sql.begin(async (sql) => {
    const [row] = await sql<{ id: string }[]>`
      insert into posts (person_id, unit_id, role, title, title_en, sort, valid_from)
      values (${post.personId}, ${post.unitId}, ${post.role}, ${post.title}, ${post.titleEn}, ${post.sort}, ${post.validFrom}) returning id`
    if (!row) throw new Error('inserting a post wrote no row')
    await sql`insert into post_groups (group_key, post_id)
      select key, ${row.id} from unnest(${groupsOfPost(post.role, post.unitCode)}::text[]) as key`
    return row.id
  })
}

/** The viewer that a post makes of its person; null when the post is not in force or not theirs. */
export async function viewerOfPost(db: Database, postId: string): Promise<Viewer | null> {
  const [row] = await db.sql<
    {
      personId: string
      postId: string
      unitId: string
      unitCode: string
      role: string
      clearance: number
      groups: string[]
    }[]
  >`
    select p.person_id as "personId", p.id as "postId", p.unit_id as "unitId", u.code as "unitCode", p.role, n.clearance,
      array(select group_key from post_groups g where g.post_id = p.id order by group_key) as groups
    from posts p join units u on u.id = p.unit_id join persons n on n.id = p.person_id
    where p.id = ${postId} and n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)`
  return row ? { ...row, seesAll: rolesThatSeeAll.has(row.role) } : null
}

export interface PostChoice {
  postId: string
  fullName: string
  title: string
  titleEn: string
  role: string
  unitCode: string
}

/** Posts in force that answer to a relation, in the office's order. */
export async function postsOfGroup(db: Database, groupKey: string): Promise<PostChoice[]> {
  return db.sql<PostChoice[]>`
    select p.id as "postId", n.full_name as "fullName", p.title, p.title_en as "titleEn", p.role, u.code as "unitCode"
    from post_groups g join posts p on p.id = g.post_id join persons n on n.id = p.person_id join units u on u.id = p.unit_id
    where g.group_key = ${groupKey} and n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
    order by p.sort, n.sort_name collate "vi-x-icu"`
}

/** Everybody with a post in force in a unit, in the office's order: heads first, then by given name. */
export async function postsOfUnit(db: Database, unitId: string): Promise<PostChoice[]> {
  return db.sql<PostChoice[]>`
    select p.id as "postId", n.full_name as "fullName", p.title, p.title_en as "titleEn", p.role, u.code as "unitCode"
    from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id
    where p.unit_id = ${unitId} and n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
    order by p.sort, n.sort_name collate "vi-x-icu"`
}

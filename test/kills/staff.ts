import { hash } from '@node-rs/argon2'
import type { Database } from '#db/database.ts'
import { createPost, viewerOfPost } from '#db/posts.ts'
import type { Role } from '#db/roles.ts'
import type { Viewer } from '#db/visibility.ts'
import { smallOffice } from '#test/fixtures/small-office.ts'
import { WebSession } from '#test/fixtures/web-session.ts'

export interface Colleague {
  viewer: Viewer
  session: WebSession
}

const PASSWORD = 'one for all of them'
/** Beside the small office: units with more than one reader, so that a task's letter goes to several people. */
const FURTHER: [name: string, unit: string, role: Role][] = [
  ['tmdtDeputy', 'TMDT', 'deputy-head'],
  ['pcClerk', 'PC', 'unit-clerk'],
]

/** The small office with a password each, and a browser each at `webUrl`. */
export async function engageStaff(db: Database, webUrl: string): Promise<Record<string, Colleague>> {
  const members = Object.entries(await smallOffice(db)).map(([name, { viewer }]) => ({ name, viewer }))
  for (const [name, unitCode, role] of FURTHER) {
    const [person] = await db.sql<{ id: string }[]>`
      insert into persons (username, password_hash, full_name, sort_name, email, demonstration)
      values (${name}, 'none', ${`Người ${name}`}, ${name}, ${`${name.toLowerCase()}@moit.example`}, true) returning id`
    const [unit] = await db.sql<{ id: string }[]>`select id from units where code = ${unitCode}`
    if (!person || !unit) throw new Error(`no room for ${name}`)
    const title = { title: role, titleEn: role, sort: 90, validFrom: '2016-01-01' }
    const postId = await createPost(db, { personId: person.id, unitId: unit.id, unitCode, role, ...title })
    const viewer = await viewerOfPost(db, postId)
    if (viewer) members.push({ name, viewer })
  }
  await db.sql`update persons set username = lower(username), password_hash = ${await hash(PASSWORD)}`
  return Object.fromEntries(
    members.map(({ name, viewer }) => [
      name,
      { viewer, session: new WebSession(webUrl, name.toLowerCase(), PASSWORD) },
    ]),
  )
}

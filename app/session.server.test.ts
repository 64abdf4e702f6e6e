import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { requestContext } from '#test/fixtures/request-context.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { guardedAction, guardedLoader } from './guard.server.ts'
import { measureQueries } from './server-timing.ts'
import { choosePost, signIn, signOut } from './session.server.ts'
import { ownPath, readSignedIn, requireViewer } from './viewer.server.ts'

let db: Database
let url: string
const postIds: Record<string, string> = {}

beforeAll(async () => {
  ;({ db, url } = await openEmptyDatabase({ max: 5 }))
  const { sql } = db
  const passwordHash = await hash('a good password')
  const [unit] = await sql<{ id: string }[]>`insert into units (code, name, name_en, kind, sort, valid_from)
    values ('VP', 'Văn phòng Bộ', 'Ministry Office', 'office', 1, '2020-01-01') returning id`
  const person = async (
    username: string,
    roles: string[],
    more: { demonstration?: boolean; active?: boolean } = {},
  ) => {
    const [made] = await sql<{ id: string }[]>`
      insert into persons (username, password_hash, full_name, sort_name, email, demonstration, active, clearance)
      values (${username}, ${passwordHash}, ${username}, ${username}, ${`${username}@moit.test`}, ${more.demonstration ?? false},
        ${more.active ?? true}, 1) returning id`
    for (const [sort, role] of roles.entries()) {
      const [post] = await sql<
        { id: string }[]
      >`insert into posts (person_id, unit_id, role, title, title_en, sort, valid_from)
        values (${made!.id}, ${unit!.id}, ${role}, ${role}, ${role}, ${sort}, '2020-01-01') returning id`
      postIds[`${username}/${role}`] = post!.id
      await sql`insert into post_groups (group_key, post_id) values (${`role:${role}`}, ${post!.id})`
    }
  }
  await person('clerk', ['ministry-clerk', 'administrator'])
  await person('gone', ['specialist'], { active: false })
  await person('invented', ['specialist'], { demonstration: true })
  await person('postless', [])
})

afterAll(() => db.close())

beforeEach(() => db.sql`delete from rate_limits`)

/** A request's surroundings, and the cookies its answer set. */
function surroundings({ production = false, address = '10.0.0.1' } = {}) {
  const cookies: string[] = []
  const around = { db, files: createFileStore('unused'), folder: 'unused', url }
  const setCookie = (cookie: string) => void cookies.push(cookie)
  const context = requestContext(around, { production, address, setCookie })
  return { context, cookies }
}

const page = (cookie = '', path = '/') => new Request(`http://imoit.test${path}`, { headers: { cookie } })
const good = { username: 'Clerk ', password: 'a good password' }

async function signedInCookie(): Promise<string> {
  const { context, cookies } = surroundings()
  await signIn(page(), context, good)
  return cookies[0]!.split(';')[0]!
}

describe('signing in', () => {
  it('sets a cookie scripts and other sites do not get', async () => {
    const { context, cookies } = surroundings()
    await signIn(page(), context, good)
    expect(cookies[0]).toMatch(/^imoit_session=\S+; HttpOnly; .*SameSite=Lax/)
  })

  it.each([
    ['a wrong password', { username: 'clerk', password: 'another' }, {}],
    ['a name nobody has', { username: 'nobody', password: 'a good password' }, {}],
    ['an account that is closed', { username: 'gone', password: 'a good password' }, {}],
    [
      'a demonstration account in production',
      { username: 'invented', password: 'a good password' },
      { production: true },
    ],
  ])('says the same of %s', async (_what, attempt, where) => {
    const { context, cookies } = surroundings(where)
    await expect(signIn(page(), context, attempt)).rejects.toMatchObject({ code: 'wrong-password', status: 401 })
    expect(cookies).toEqual([])
  })

  it('counts only what was wrong: an attempt that could not be checked is none', async () => {
    const { context } = surroundings()
    // A hash that cannot be read stands for everything that fails in between.
    const [kept] = await db.sql<{ hash: string }[]>`select password_hash as hash from persons where username = 'clerk'`
    await db.sql`update persons set password_hash = 'none' where username = 'clerk'`
    for (let attempt = 0; attempt < 9; attempt++)
      await expect(signIn(page(), context, good)).rejects.not.toMatchObject({ name: 'Refusal' })
    await db.sql`update persons set password_hash = ${kept!.hash} where username = 'clerk'`
    await expect(signIn(page(), context, good)).resolves.toMatchObject({ language: 'vi' })
  })

  it('pauses after eight wrong attempts from one address, also for the right password, and not for others', async () => {
    const { context } = surroundings()
    for (let attempt = 0; attempt < 8; attempt++)
      await expect(signIn(page(), context, { ...good, password: 'x' })).rejects.toMatchObject({
        code: 'wrong-password',
      })
    await expect(signIn(page(), context, good)).rejects.toMatchObject({ code: 'too-many-attempts', status: 429 })
    await expect(signIn(page(), surroundings({ address: '10.0.0.2' }).context, good)).resolves.toBeDefined()
  })

  it('lets nobody in while attempts cannot be counted', async () => {
    await db.sql`alter table rate_limits rename to rate_limits_away`
    try {
      const { context, cookies } = surroundings()
      await expect(signIn(page(), context, good)).rejects.toMatchObject({ code: 'sign-in-unavailable', status: 503 })
      expect(cookies).toEqual([])
    } finally {
      await db.sql`alter table rate_limits_away rename to rate_limits`
    }
  })

  it('is written to the audit', async () => {
    await signedInCookie()
    const [last] = await db.sql<{ act: string }[]>`select act from audit_events order by seq desc limit 1`
    expect(last?.act).toBe('session.opened')
  })
})

describe('a session', () => {
  it('tells person, post and relations in one query, however many loaders ask', async () => {
    const cookie = await signedInCookie()
    const { context } = surroundings()
    let queries = 0
    const counting = { ...context, db: { ...db, sql: countCalls(db.sql, () => (queries += 1)) } }
    const [first, second] = await Promise.all([
      requireViewer(page(cookie), counting),
      readSignedIn(page(cookie), counting),
    ])
    expect(first).toBe(second)
    expect(first.viewer).toMatchObject({
      role: 'ministry-clerk',
      groups: ['role:ministry-clerk'],
      seesAll: true,
      clearance: 1,
    })
    expect(first.posts.map((post) => post.role)).toEqual(['ministry-clerk', 'administrator'])
    expect(queries).toBe(1)
  })

  it('acts in the post that was chosen', async () => {
    const cookie = await signedInCookie()
    const { context } = surroundings()
    await choosePost(context, (await requireViewer(page(cookie), context)).sessionId, postIds['clerk/administrator']!)
    const after = await requireViewer(page(cookie), surroundings().context)
    expect(after.viewer).toMatchObject({ role: 'administrator', seesAll: false })
  })

  it('ends with signing out and when the account is closed', async () => {
    const cookie = await signedInCookie()
    const other = await signedInCookie()
    await signOut(page(cookie), surroundings().context)
    expect(await readSignedIn(page(cookie), surroundings().context)).toBeNull()
    await db.sql`update persons set active = false where username = 'clerk'`
    try {
      expect(await readSignedIn(page(other), surroundings().context)).toBeNull()
    } finally {
      await db.sql`update persons set active = true where username = 'clerk'`
    }
  })

  it('is asked for at the sign-in page, which leads back', async () => {
    const refused = await requireViewer(page('', '/documents/incoming?page=2'), surroundings().context).catch(
      (e: unknown) => e,
    )
    expect((refused as Response).headers.get('location')).toBe('/sign-in?next=%2Fdocuments%2Fincoming%3Fpage%3D2')
  })
})

describe('the guard', () => {
  const args = (cookie: string, init: RequestInit = {}) => ({
    request: new Request('http://imoit.test/x', { ...init, headers: { cookie, ...init.headers } }),
    params: {},
    context: surroundings().context,
  })

  it('stops whoever’s post may not, before the work begins', async () => {
    const cookie = await signedInCookie()
    let worked = false
    const loader = guardedLoader('document:direct', () => (worked = true))
    const refused = (await loader(args(cookie)).catch((e: unknown) => e)) as Response
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'not-permitted', quote: 'request-1' })
    expect(worked).toBe(false)
  })

  it('answers a form with the refusal, for the form to show', async () => {
    const cookie = await signedInCookie()
    const action = guardedAction('document:direct', () => ({ done: true }))
    expect(await action(args(cookie, { method: 'POST' }))).toMatchObject({
      data: { refusal: { code: 'not-permitted' } },
      init: { status: 403 },
    })
  })

  it('refuses a form larger than its kind allows', async () => {
    const cookie = await signedInCookie()
    const action = guardedAction('self:use', () => ({ done: true }))
    const answer = await action(args(cookie, { method: 'POST', headers: { 'content-length': '2000000' } }))
    expect(answer).toMatchObject({ data: { refusal: { code: 'form-too-large' } }, init: { status: 413 } })
  })

  it('says nothing of the inside when something breaks', async () => {
    const cookie = await signedInCookie()
    const loader = guardedLoader('self:use', () => {
      throw new Error('select secret from inside')
    })
    const refused = (await loader(args(cookie)).catch((e: unknown) => e)) as Response
    expect(refused.status).toBe(500)
    expect(await refused.text()).not.toContain('secret')
  })

  it('tells who holds no post what to do', async () => {
    const { context, cookies } = surroundings()
    await signIn(page(), context, { username: 'postless', password: 'a good password' })
    const loader = guardedLoader('self:use', () => null)
    const refused = (await loader(args(cookies[0]!.split(';')[0]!)).catch((e: unknown) => e)) as Response
    expect(await refused.json()).toMatchObject({ code: 'no-post', status: 403 })
  })
})

describe('the way on after signing in', () => {
  it.each(['//elsewhere.example', 'https://elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', null])(
    'is never another site: %s',
    (next) => expect(ownPath(next)).toBe('/'),
  )
})

function countCalls(sql: Database['sql'], count: () => void): Database['sql'] {
  return new Proxy(sql, {
    apply(target, self, call) {
      count()
      return Reflect.apply(target, self, call) as unknown
    },
  })
}

describe('queries of a request', () => {
  it('are run as before when they are measured', async () => {
    measureQueries(db.sql)
    const [row] = await db.sql<{ two: number }[]>`select 1 + 1 as two`
    expect(row?.two).toBe(2)
    await expect(db.sql`select nothing from nowhere`).rejects.toThrow('nowhere')
  })
})

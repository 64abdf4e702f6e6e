import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle'
import { hash, verify } from '@node-rs/argon2'
import type { AppLoadContext } from '@remix-run/node'
import { eq } from 'drizzle-orm'
import { Lucia, TimeSpan, type DatabaseSession, type DatabaseUser } from 'lucia'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { recordAudit } from '#db/audit.ts'
import type { Database } from '#db/database.ts'
import { Refusal } from '#db/refusal.ts'
import { persons, sessions } from '#db/schema.ts'
import type { ColorScheme, Language } from './language.ts'

/** Everything about passwords, sessions and their cookie is in this file: Lucia is past its upstream's support. */

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionAttributes, PersonAttributes>
    UserId: string
    DatabaseSessionAttributes: SessionAttributes
    DatabaseUserAttributes: PersonAttributes
  }
}

interface SessionAttributes {
  postId: string | null
}

export interface Post {
  id: string
  unitId: string
  unitCode: string
  unitName: string
  unitNameEn: string
  role: string
  title: string
  titleEn: string
  groups: string[]
}

interface PersonAttributes {
  username: string
  fullName: string
  email: string
  language: Language
  colorScheme: ColorScheme
  clearance: number
  demonstration: boolean
  /** Posts held today, in their order. */
  posts: Post[]
  /** Epoch ms on the one clock. */
  now: number
}

/** Lucia's adapter, with person, posts, units and groups read in the same round trip as the session. */
class SessionAdapter extends DrizzlePostgreSQLAdapter {
  readonly #db: Database

  constructor(db: Database) {
    super(db.orm, sessions, persons)
    this.#db = db
  }

  override async getSessionAndUser(id: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    interface Row extends Omit<PersonAttributes, 'posts'> {
      personId: string
      postId: string | null
      expires: number
      posts: string
    }
    const [row] = await this.#db.sql<Row[]>`
      select person.id as "personId", session.post_id as "postId",
        (extract(epoch from session.expires_at) * 1000)::float8 as expires,
        person.username, person.full_name as "fullName", person.email, person.language,
        person.color_scheme as "colorScheme", person.clearance, person.demonstration,
        (select floor(extract(epoch from clock_timestamp()) * 1000 + offset_ms)::float8 from clock) as now,
        coalesce((
          select json_agg(json_build_object(
            'id', post.id, 'unitId', unit.id, 'unitCode', unit.code, 'unitName', unit.name, 'unitNameEn', unit.name_en,
            'role', post.role, 'title', post.title, 'titleEn', post.title_en,
            'groups', array(select group_key from post_groups where post_id = post.id)
          ) order by post.sort, post.id)
          from posts post join units unit on unit.id = post.unit_id
          where post.person_id = person.id and post.valid_from <= current_date
            and (post.valid_to is null or post.valid_to >= current_date)
        ), '[]')::text as posts
      from sessions session join persons person on person.id = session.user_id and person.active
      where session.id = ${id}`
    if (!row) return [null, null]
    const { personId, postId, expires, posts, ...person } = row
    return [
      { id, userId: personId, expiresAt: new Date(expires), attributes: { postId } },
      { id: personId, attributes: { ...person, posts: JSON.parse(posts) as Post[] } },
    ]
  }
}

const luciaOf = new WeakMap<Database, Lucia<SessionAttributes, PersonAttributes>>()

/** A working day; somebody who goes on working is not signed out (Lucia extends from half of it on). */
const sessionLife = new TimeSpan(12, 'h')

function lucia(context: AppLoadContext) {
  let made = luciaOf.get(context.db)
  if (!made) {
    made = new Lucia<SessionAttributes, PersonAttributes>(new SessionAdapter(context.db), {
      sessionExpiresIn: sessionLife,
      sessionCookie: {
        name: 'imoit_session',
        attributes: { sameSite: 'lax', secure: context.environment.production || context.secure },
      },
      getSessionAttributes: ({ postId }) => ({ postId }),
      getUserAttributes: (person) => person,
    })
    luciaOf.set(context.db, made)
  }
  return made
}

/** The session of a request and whose it is, in one query; null without one. Extends the cookie where it is due. */
export async function readSession(request: Request, context: AppLoadContext) {
  const auth = lucia(context)
  const id = auth.readSessionCookie(request.headers.get('cookie') ?? '')
  if (!id) return null
  const { session, user } = await auth.validateSession(id)
  if (!session || (user.demonstration && context.environment.production)) return null
  if (session.fresh) context.setCookie(auth.createSessionCookie(session.id).serialize())
  return { session, person: user }
}

/** The post the person acts in from now on. The caller has made sure that it is theirs. */
export async function choosePost(context: AppLoadContext, sessionId: string, postId: string): Promise<void> {
  await context.db.orm.update(sessions).set({ postId }).where(eq(sessions.id, sessionId))
}

const wrongPassword = () =>
  new Refusal('wrong-password', 401, {
    vi: 'Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra lại bộ gõ và phím Caps Lock rồi thử lại.',
    en: 'User name or password is not right. Check the keyboard layout and Caps Lock and try again.',
  })

const tooManyAttempts = (minutes: number) =>
  new Refusal('too-many-attempts', 429, {
    vi: `Đã nhập sai quá nhiều lần nên việc đăng nhập tạm dừng ${minutes} phút. Tài khoản không bị khóa; hãy thử lại sau, hoặc liên hệ quản trị.`,
    en: `Too many wrong attempts: signing in pauses for ${minutes} minutes. The account is not locked; try later, or ask an administrator.`,
  })

const limiterAway = () =>
  new Refusal('sign-in-unavailable', 503, {
    vi: 'Hiện chưa đăng nhập được vì hệ thống chưa kiểm tra được số lần thử. Hãy thử lại sau ít phút.',
    en: 'Signing in is not possible just now: attempts cannot be counted. Try again in a few minutes.',
  })

const quarterOfAnHour = 15 * 60
const limiters = new WeakMap<Database, { person: RateLimiterPostgres; address: RateLimiterPostgres }>()

function limitersOf({ db }: AppLoadContext) {
  let made = limiters.get(db)
  if (!made) {
    // The shape of a `pg` pool, which the limiter speaks to.
    const storeClient = {
      query: async ({ text, values }: { text: string; values: (string | number | null)[] }) => {
        const rows = await db.sql.unsafe(text, values)
        return { rows: rows.map((row) => ({ ...row, expire: Number(row.expire) })), rowCount: rows.count }
      },
    }
    const store = { storeClient, storeType: 'client', tableName: 'rate_limits', tableCreated: true }
    made = {
      person: new RateLimiterPostgres({ ...store, keyPrefix: 'sign-in', points: 8, duration: quarterOfAnHour }),
      address: new RateLimiterPostgres({ ...store, keyPrefix: 'address', points: 100, duration: quarterOfAnHour }),
    }
    limiters.set(db, made)
  }
  return made
}

/** Counts first and looks after, so that a hundred attempts at once are a hundred. Without its count nobody gets in. */
async function countAttempt(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooManyAttempts(Math.ceil(error.msBeforeNext / 60_000))
    throw Object.assign(limiterAway(), { cause: error })
  }
}

let unknownPersonsHash: Promise<string> | undefined

/** Whose name and password these are; the same work whether there is such a person or not. */
async function check(context: AppLoadContext, name: string, password: string) {
  const [person] = await context.db.orm.select().from(persons).where(eq(persons.username, name)).limit(1)
  const open = person?.active && !(person.demonstration && context.environment.production)
  unknownPersonsHash ??= hash('nobody has this password')
  const matches = await verify(open ? person.passwordHash : await unknownPersonsHash, password)
  return { person, admitted: open === true && matches }
}

/**
 * Opens a session and sets its cookie. An unknown name, a wrong password, an account that is closed or of the
 * demonstration in production: the same refusal after the same work. Throws Refusal.
 */
export async function signIn(
  request: Request,
  context: AppLoadContext,
  { username, password }: { username: string; password: string },
): Promise<{ personId: string; language: Language }> {
  const name = username.trim().toLowerCase()
  const { person: byPerson, address: byAddress } = limitersOf(context)
  const personKey = `${name}@${context.address}`
  await countAttempt(byAddress, context.address)
  await countAttempt(byPerson, personKey)

  const { person, admitted } = await check(context, name, password).catch(async (error: unknown) => {
    // Nobody was wrong: what could not be checked counts for nothing. What fails here again runs out by itself.
    await Promise.allSettled([byPerson.reward(personKey), byAddress.reward(context.address)])
    throw error
  })
  if (!person || !admitted) {
    await recordAudit(context.db, {
      personId: person?.id ?? null,
      postId: null,
      act: 'session.refused',
      data: { username: name, address: context.address },
    })
    throw wrongPassword()
  }
  await Promise.all([byPerson.delete(personKey), byAddress.reward(context.address)])

  const auth = lucia(context)
  const old = auth.readSessionCookie(request.headers.get('cookie') ?? '')
  if (old) await auth.invalidateSession(old)
  const session = await auth.createSession(person.id, { postId: null })
  context.setCookie(auth.createSessionCookie(session.id).serialize())
  await recordAudit(context.db, {
    personId: person.id,
    postId: null,
    act: 'session.opened',
    data: { address: context.address },
  })
  return { personId: person.id, language: person.language }
}

/** Ends the request's session, if it has one, and takes its cookie back. */
export async function signOut(request: Request, context: AppLoadContext): Promise<void> {
  const found = await readSession(request, context)
  const auth = lucia(context)
  if (found) await auth.invalidateSession(found.session.id)
  context.setCookie(auth.createBlankSessionCookie().serialize())
  if (!found) return
  await recordAudit(context.db, {
    personId: found.person.id,
    postId: found.session.postId,
    act: 'session.closed',
    data: {},
  })
}

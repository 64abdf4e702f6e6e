import { redirect, type AppLoadContext } from '@remix-run/node'
import { Refusal } from '#db/refusal.ts'
import { rolesThatSeeAll } from '#db/roles.ts'
import type { Viewer } from '#db/visibility.ts'
import type { ColorScheme, Language } from './language.ts'
import { readSession, type Post } from './session.server.ts'

export interface Person {
  id: string
  username: string
  fullName: string
  email: string
  language: Language
  colorScheme: ColorScheme
  demonstration: boolean
}

/** Who asks, and in which of their posts. */
export interface SignedIn {
  sessionId: string
  viewer: Viewer
  person: Person
  /** The post they act in. */
  post: Post
  posts: Post[]
  /** Epoch ms on the one clock, when the request came. */
  now: number
}

const perRequest = new WeakMap<AppLoadContext, Promise<SignedIn | 'no-post' | null>>()

/** Who is signed in, read once for each request however many loaders ask; null when nobody is. */
export async function readSignedIn(request: Request, context: AppLoadContext): Promise<SignedIn | null> {
  const found = await once(request, context)
  return found === 'no-post' ? null : found
}

/** Throws a redirect to the sign-in page, which leads back, or Refusal `no-post`. */
export async function requireViewer(request: Request, context: AppLoadContext): Promise<SignedIn> {
  const found = await once(request, context)
  if (found === null) throw redirect(`/sign-in?next=${encodeURIComponent(wayBack(request))}`)
  if (found === 'no-post')
    throw new Refusal('no-post', 403, {
      vi: 'Tài khoản này hiện không giữ vị trí công tác nào nên chưa xem được gì. Hãy đề nghị quản trị phân công vị trí.',
      en: 'This account holds no post at present, so there is nothing to see. Ask an administrator to assign one.',
    })
  return found
}

function once(request: Request, context: AppLoadContext) {
  let reading = perRequest.get(context)
  if (!reading) perRequest.set(context, (reading = read(request, context)))
  return reading
}

async function read(request: Request, context: AppLoadContext): Promise<SignedIn | 'no-post' | null> {
  const found = await readSession(request, context)
  if (!found) return null
  const { session, person } = found
  const { posts, now, clearance, id, username, fullName, email, language, colorScheme, demonstration } = person
  const post = posts.find((held) => held.id === session.postId) ?? posts[0]
  if (!post) return 'no-post'
  return {
    sessionId: session.id,
    viewer: {
      personId: id,
      postId: post.id,
      unitId: post.unitId,
      unitCode: post.unitCode,
      role: post.role,
      groups: post.groups,
      clearance,
      seesAll: rolesThatSeeAll.has(post.role),
    },
    person: { id, username, fullName, email, language, colorScheme, demonstration },
    post,
    posts,
    now,
  }
}

function wayBack(request: Request): string {
  const asked = new URL(request.url)
  if (request.method === 'GET') return asked.pathname + asked.search
  const referrer = request.headers.get('referer')
  if (!referrer || !URL.canParse(referrer)) return '/'
  const from = new URL(referrer)
  return from.host === asked.host ? from.pathname + from.search : '/'
}

/** A path of our own to go on to, and never another site. */
export function ownPath(next: FormDataEntryValue | string | null): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}

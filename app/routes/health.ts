import type { LoaderFunctionArgs } from '@remix-run/node'
import { like } from 'drizzle-orm'
import { settings } from '#db/schema.ts'

interface Part {
  state: 'up' | 'down' | 'late' | 'unknown'
  detail: string
}

/** Written by each part into `settings` as `heartbeat:<part>`; `at` is real time, epoch ms or ISO. */
interface Heartbeat {
  at: number | string
  state: string
  detail?: string
}

const parts = ['temporal', 'worker', 'mail', 'exchange'] as const
/** Parts speak every five seconds; silent for longer than this, ms, they are late. */
const silence = 20_000

/** Public: what watches over the installation has no account. Says states, never content. */
export async function loader({ context }: LoaderFunctionArgs) {
  const found: Record<string, Part> = {}
  try {
    const rows = await context.db.orm.select().from(settings).where(like(settings.key, 'heartbeat:%'))
    const heartbeats = new Map(rows.map((row) => [row.key.slice('heartbeat:'.length), row.value as Heartbeat]))
    found.database = { state: 'up', detail: '' }
    for (const part of parts) found[part] = partOf(heartbeats.get(part))
  } catch (error) {
    context.log.error({ err: error }, 'the database does not answer')
    found.database = { state: 'down', detail: 'does not answer' }
    for (const part of parts) found[part] = { state: 'unknown', detail: 'the database does not answer' }
  }
  const ok = Object.values(found).every((part) => part.state === 'up')
  return Response.json(
    { ok, parts: found },
    { status: found.database.state === 'up' ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  )
}

function partOf(heartbeat: Heartbeat | undefined): Part {
  if (!heartbeat) return { state: 'unknown', detail: 'has not reported yet' }
  const age = Date.now() - new Date(heartbeat.at).getTime()
  if (age > silence) return { state: 'late', detail: `last heard ${Math.round(age / 1000)} s ago` }
  return { state: heartbeat.state === 'up' ? 'up' : 'down', detail: heartbeat.detail ?? '' }
}

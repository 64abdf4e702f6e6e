import type { LoaderFunctionArgs } from '@remix-run/node'
import { partsHealth } from '#db/administration.ts'
import { parts } from '#db/heartbeats.ts'

type State = Awaited<ReturnType<typeof partsHealth>>[number]['state'] | 'down'
interface Part {
  state: State
  detail: string
}

/** Well: it works, or nobody has asked for it to work here (`off`: not configured). */
const well: ReadonlySet<State> = new Set(['up', 'off'])

/** Public: what watches over the installation has no account. Says states, never content. */
export async function loader({ context }: LoaderFunctionArgs) {
  const found: Record<string, Part> = {}
  try {
    const now = Date.now()
    for (const { part, state, detail, at } of await partsHealth(context.db, now)) {
      const silent = state === 'late' && at !== null ? `last heard ${Math.round((now - at) / 1000)} s ago` : null
      const unheard = state === 'unknown' ? 'has not reported yet' : detail
      found[part] = { state, detail: silent ?? (part === 'database' ? '' : unheard) }
    }
  } catch (error) {
    context.log.error({ err: error }, 'the database does not answer')
    found.database = { state: 'down', detail: 'does not answer' }
    for (const part of parts) found[part] = { state: 'unknown', detail: 'the database does not answer' }
  }
  const ok = Object.values(found).every(({ state }) => well.has(state))
  return Response.json(
    { ok, parts: found },
    { status: found.database?.state === 'up' ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  )
}

import type { Database } from '#db/database.ts'
import type { Logger } from './log.ts'
import { HEARTBEAT_MS, writeHeartbeat, type Heartbeat, type Part } from '#db/heartbeats.ts'

export type PartState = Pick<Heartbeat, 'state' | 'detail'>

/** Says every five seconds, and at once when it changes, how each part is. A database that is away hears it later. */
export function startHeartbeats(db: Database, log: Logger, states: Partial<Record<Part, PartState>>) {
  const say = async (part: Part) => {
    const state = states[part]
    if (!state) return
    await writeHeartbeat(db, part, state).catch((error: unknown) => log.warn({ err: error, part }, 'no heartbeat'))
  }
  const sayAll = () => Promise.all((Object.keys(states) as Part[]).map(say))
  const timer = setInterval(() => void sayAll(), HEARTBEAT_MS)
  void sayAll()
  return {
    set(part: Part, state: PartState) {
      const before = states[part]
      states[part] = state
      if (before?.state === state.state && before.detail === state.detail) return
      log.info({ part, ...state }, 'a part has changed')
      void say(part)
    },
    /** The last word: the part has ended by itself. */
    async stop() {
      clearInterval(timer)
      for (const part of Object.keys(states) as Part[]) states[part] = { state: 'down', detail: 'stopped' }
      await sayAll()
    },
  }
}

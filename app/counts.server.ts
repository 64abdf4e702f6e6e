import type { Database } from '#db/database.ts'
import { navCounts } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'

export type Counts = Awaited<ReturnType<typeof navCounts>>

/** How often the counts are read, ms. */
const interval = 3_000

interface Poller {
  listeners: Set<(counts: Counts) => void>
  timer: NodeJS.Timeout
}

const pollers = new Map<string, Poller>()

/** Calls back with a post's counts every few seconds until the returned function is called. One poll for each post. */
export function watchCounts(
  db: Database,
  viewer: Viewer,
  mailbox: string,
  listener: (counts: Counts) => void,
  failed: (error: unknown) => void,
): () => void {
  let poller = pollers.get(viewer.postId)
  if (!poller) {
    const listeners = new Set<(counts: Counts) => void>()
    const poll = async () => {
      try {
        const counts = await navCounts(db, viewer, mailbox)
        for (const tell of listeners) tell(counts)
      } catch (error) {
        // The database may be away for a moment: the streams stay open and the next poll asks again.
        failed(error)
      }
      if (listeners.size > 0) made.timer = setTimeout(poll, interval)
    }
    const made: Poller = { listeners, timer: setTimeout(poll, interval) }
    pollers.set(viewer.postId, (poller = made))
  }
  const { listeners } = poller
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(pollers.get(viewer.postId)?.timer)
    pollers.delete(viewer.postId)
  }
}

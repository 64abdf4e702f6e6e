import type { Database } from '#db/database.ts'
import { viewerOfPost } from '#db/posts.ts'
import { navCounts } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'

export type Counts = Awaited<ReturnType<typeof navCounts>>

/** How often the counts are read, ms. */
const interval = 3_000

interface Listener {
  tell: (counts: Counts) => void
  /** The post is nobody's any more, or its person has left: there is nothing to count for them. */
  gone: () => void
  failed: (error: unknown) => void
}

interface Poller {
  listeners: Set<Listener>
  timer: NodeJS.Timeout
}

const pollers = new Map<string, Poller>()

/**
 * Calls back with a post's counts every few seconds until the returned function is called. One poll for each post; what the post
 * may see is asked anew each time, as it can change while a page stands open.
 */
export function watchCounts(
  db: Database,
  { postId }: Pick<Viewer, 'postId'>,
  mailbox: string,
  listener: Listener,
): () => void {
  let poller = pollers.get(postId)
  if (!poller) {
    const listeners = new Set<Listener>()
    const poll = async () => {
      try {
        const viewer = await viewerOfPost(db, postId)
        const counts = viewer && (await navCounts(db, viewer, mailbox))
        for (const each of [...listeners]) {
          if (counts) each.tell(counts)
          else each.gone()
        }
      } catch (error) {
        // The database may be away for a moment: the streams stay open and the next poll asks again.
        for (const each of listeners) each.failed(error)
      }
      if (listeners.size > 0) made.timer = setTimeout(poll, interval)
    }
    const made: Poller = { listeners, timer: setTimeout(poll, interval) }
    pollers.set(postId, (poller = made))
  }
  const { listeners } = poller
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(pollers.get(postId)?.timer)
    pollers.delete(postId)
  }
}

import { useEffect, useState } from 'react'
import type { Counts } from './counts.server.ts'

const channelName = 'imoit-counts'

/**
 * The counts as they change, starting from those the page came with. A browser opens few connections to one host, so
 * one tab holds the stream and tells the others; when it closes, another takes over.
 */
export function useLiveCounts(initial: Counts, postId: string): Counts {
  const [live, setLive] = useState<{ counts: Counts; from: Counts } | null>(null)

  useEffect(() => {
    const channel = new BroadcastChannel(`${channelName}:${postId}`)
    const left = new AbortController()
    const show = (counts: Counts) => setLive({ counts, from: initial })
    channel.onmessage = (message: MessageEvent<Counts>) => show(message.data)

    const hold = () =>
      new Promise<void>((released) => {
        if (left.signal.aborted) return released()
        const stream = new EventSource('/events')
        stream.addEventListener('counts', (event: MessageEvent<string>) => {
          // What was on its way when the page left is told to nobody.
          if (left.signal.aborted) return
          const counts = JSON.parse(event.data) as Counts
          show(counts)
          channel.postMessage(counts)
        })
        left.signal.addEventListener('abort', () => {
          stream.close()
          released()
        })
      })
    // Locks are only there on https and loopback; elsewhere each tab has its own stream.
    if (navigator.locks)
      navigator.locks.request(`${channelName}:${postId}`, { signal: left.signal }, hold).catch((error: unknown) => {
        if (!left.signal.aborted) throw error
      })
    else void hold()
    return () => {
      left.abort()
      channel.close()
    }
  }, [initial, postId])

  return live && live.from === initial ? live.counts : initial
}

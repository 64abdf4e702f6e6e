import { watchCounts } from '../counts.server.ts'
import { guardedLoader } from '../guard.server.ts'

/** A stream ends after this long, ms; the browser comes back by itself and shows its session anew. */
const life = 5 * 60_000

/** The counts of the post acted in, as server-sent events `counts`: one when they change, a comment in between. */
export const loader = guardedLoader('self:use', ({ request, context, db, viewer, person }) => {
  const text = new TextEncoder()
  let end = () => {}
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let last = ''
      const unwatch = watchCounts(db, viewer, person.email, {
        tell(counts) {
          const now = JSON.stringify(counts)
          controller.enqueue(text.encode(now === last ? ': still here\n\n' : `event: counts\ndata: ${now}\n\n`))
          last = now
        },
        gone: () => end(),
        failed: (error) => context.log.warn({ err: error }, 'counts could not be read'),
      })
      const timer = setTimeout(() => end(), life)
      end = () => {
        end = () => {}
        clearTimeout(timer)
        unwatch()
        request.signal.removeEventListener('abort', finish)
        context.closing.removeEventListener('abort', finish)
        controller.close()
      }
      const finish = () => end()
      request.signal.addEventListener('abort', finish)
      context.closing.addEventListener('abort', finish)
      controller.enqueue(text.encode('retry: 3000\n\n'))
    },
    cancel: () => end(),
  })
  return new Response(stream, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  })
})

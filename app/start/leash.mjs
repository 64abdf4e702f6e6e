/**
 * Loaded into every process of ours: when the one that started it is gone, however that came, it ends itself. Plain
 * JavaScript, since the threads of such a process load it too, and those cannot read TypeScript.
 */
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), 10_000).unref()
  })
  // Listening must not keep alive a process that has nothing else to do.
  process.channel?.unref()
}

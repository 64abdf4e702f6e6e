import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from './start-error.ts'
import type { Running } from './keep-up.ts'

export interface ChildOptions {
  /** As the console calls it. */
  part: string
  /** A TypeScript file of ours. It says it is ready by `process.send({ listening: port })` or `process.send({ ready: true })`. */
  file: string
  env: NodeJS.ProcessEnv
  /** Takes what it writes to stdout and stderr. */
  logFile: string
}

export interface RunningChild extends Running {
  pid: number
  /** As it said; null for a part that does not listen. */
  port: number | null
}

const leash = fileURLToPath(new URL('./leash.mjs', import.meta.url))
const READY_LIMIT = 90_000
/** How long a part may take to end what it is doing (ms). */
const STOP_LIMIT = 10_000
const MAX_LOG = 20_000_000

/** Starts one of our own processes and waits until it is ready. Throws StartError `part-failed` with its last words. */
export async function startChild({ part, file, env, logFile }: ChildOptions): Promise<RunningChild> {
  await mkdir(path.dirname(logFile), { recursive: true })
  const size = await stat(logFile).then(
    (it) => it.size,
    () => 0,
  )
  if (size > MAX_LOG) await rename(logFile, `${logFile}.1`)
  const log = await open(logFile, 'a')
  const logFrom = (await log.stat()).size
  // A session of its own: Ctrl-C in the terminal must reach us alone, we stop the parts in their order.
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', leash, file], {
    env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  await log.close()
  const close = async () => {
    child.kill('SIGTERM')
    const patience = new AbortController()
    const late = wait(STOP_LIMIT, undefined, { signal: patience.signal }).then(
      () => void child.kill('SIGKILL'),
      () => undefined, // it ended in time
    )
    await ended
    patience.abort()
    await late
  }
  const ready = new Promise<number | null>((resolve) => {
    child.on('message', (message: { listening?: number; ready?: boolean }) => {
      if (message.listening !== undefined) resolve(message.listening)
      else if (message.ready === true) resolve(null)
    })
  })
  const patience = new AbortController()
  const outcome = await Promise.race([
    ready.then((port) => ({ port })),
    ended.then(() => 'ended' as const),
    wait(READY_LIMIT, 'late' as const, { signal: patience.signal }).catch(() => 'late' as const),
  ])
  patience.abort()
  if (typeof outcome === 'object') return { pid: child.pid ?? 0, port: outcome.port, ended, close }

  await close()
  const said = (await readFile(logFile)).subarray(logFrom).toString().trim()
  const lastWord = lastError(said)
  throw new StartError(
    'part-failed',
    {
      vi: `${part} không khởi động được${lastWord === '' ? '' : ` (${lastWord})`}; dữ liệu giữ nguyên, xem ${logFile}.`,
      en: `${part} did not start${lastWord === '' ? '' : ` (${lastWord})`}; the data is as it was, see ${logFile}.`,
    },
    new Error(outcome === 'late' ? `not ready after ${READY_LIMIT} ms` : said),
  )
}

/** The line that names the error; a stack's lines say where, not what. */
function lastError(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  return (lines.findLast((line) => /^\w*Error\b.*:/.test(line)) ?? lines.at(-1) ?? '').slice(0, 300)
}

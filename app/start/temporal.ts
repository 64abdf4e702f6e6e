import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { freePort } from './ports.ts'
import { isAlive, markOf, runs, type ProcessMark } from './process-mark.ts'
import type { Sentence } from './say.ts'
import { StartError } from './start-error.ts'
import { findTemporal, type TemporalBinary } from './temporal-binary.ts'

export interface TemporalOptions {
  /** Keeps `temporal.db` and the log over restarts. Null: in memory, gone at the end. */
  folder: string | null
  /** Without it a free one. */
  port?: number
  env?: NodeJS.ProcessEnv
  onProgress?: (sentence: Sentence) => void
  /** Gives up a download or a build under way. */
  signal?: AbortSignal
  /** How long (ms) it may take until it answers; 90 s unless said: 3 s at rest, far more on a busy machine. */
  patience?: number
}

export interface RunningTemporal {
  /** host:port of its gRPC front end. */
  address: string
  /** How it was come by: an address that was given, or where the program was found. */
  way: 'address' | TemporalBinary['way']
  /** Null for a server that was given by its address. */
  pid: number | null
  /** Resolves when the server has ended; never for one given by its address. */
  ended: Promise<void>
  close(): Promise<void>
}

/**
 * A Temporal development server that answers: the one at TEMPORAL_ADDRESS, else one of our own, found as `findTemporal`
 * says. Throws StartError: temporal-missing, temporal-locked, temporal-failed.
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { folder, env = process.env, patience = 90_000 } = options
  if (env.TEMPORAL_ADDRESS) {
    const given = env.TEMPORAL_ADDRESS
    await untilItAnswers(given, patience, () => false).catch((cause: unknown) => {
      throw new StartError(
        'temporal-failed',
        {
          vi: `Temporal tại ${given} (TEMPORAL_ADDRESS) không trả lời; hãy kiểm tra địa chỉ và máy chủ đó.`,
          en: `Temporal at ${given} (TEMPORAL_ADDRESS) does not answer; check the address and that server.`,
        },
        cause,
      )
    })
    return { address: given, way: 'address', pid: null, ended: new Promise(() => {}), close: () => Promise.resolve() }
  }

  const binary = await findTemporal(options)
  if (folder !== null) {
    await mkdir(folder, { recursive: true })
    await takeDownLeftoverTemporal(folder)
  }
  const port = options.port ?? (await freePort())
  const address = `127.0.0.1:${port}`
  const server = await launch(binary.path, port, folder)
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null
  const close = async () => {
    if (!hasEnded() && server.pid !== undefined) await takeDown(server.pid, hasEnded)
    await ended
    if (folder !== null) await rm(path.join(folder, 'temporal.pid'), { force: true })
  }
  if (folder !== null) {
    const marks = { server: markOf(server.pid ?? 0), starter: markOf(process.pid) }
    await writeFile(path.join(folder, 'temporal.pid'), JSON.stringify(marks))
  }
  try {
    await untilItAnswers(address, patience, hasEnded)
  } catch (cause) {
    await close()
    const log = folder === null ? '' : `, xem/see ${path.join(folder, 'temporal.log')}`
    throw new StartError(
      'temporal-failed',
      {
        vi: `Máy chủ Temporal (${binary.path}) không khởi động được${log}; dữ liệu giữ nguyên.`,
        en: `The Temporal server (${binary.path}) did not start${log}; the data is as it was.`,
      },
      cause,
    )
  }
  return { address, way: binary.way, pid: server.pid ?? null, ended, close }
}

async function launch(program: string, port: number, folder: string | null): Promise<ChildProcess> {
  const log = folder === null ? null : await open(path.join(folder, 'temporal.log'), 'a')
  const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)]
  args.push('--log-level', 'warn', '--log-format', 'pretty')
  if (folder !== null) args.push('--db-filename', path.join(folder, 'temporal.db'))
  // A session of its own: Ctrl-C in the terminal must reach us alone, we stop the parts in their order.
  const server = spawn(program, args, { detached: true, stdio: ['ignore', log?.fd ?? 'ignore', log?.fd ?? 'ignore'] })
  await new Promise<void>((resolve) => {
    server.once('spawn', resolve)
    server.once('error', () => resolve())
  })
  await log?.close()
  return server
}

/**
 * Ends the server that a killed start has left on this folder, which would go on writing to the same store. Throws
 * StartError `temporal-locked`.
 */
export async function takeDownLeftoverTemporal(folder: string): Promise<void> {
  const file = path.join(folder, 'temporal.pid')
  if (!existsSync(file)) return
  const marks = JSON.parse(await readFile(file, 'utf8')) as { server: ProcessMark; starter: ProcessMark }
  if (isAlive(marks.server)) {
    if (isAlive(marks.starter)) {
      throw new StartError('temporal-locked', {
        vi: `Thư mục ${folder} đang được một máy chủ Temporal khác dùng (PID ${marks.server.pid}), do một lần khởi động còn đang chạy (PID ${marks.starter.pid}); hãy dừng nó trước.`,
        en: `The folder ${folder} is in use by another Temporal server (PID ${marks.server.pid}) of a start that is still running (PID ${marks.starter.pid}); stop that one first.`,
      })
    }
    await takeDown(marks.server.pid, () => !isAlive(marks.server))
  }
  await rm(file, { force: true })
}

/** Asks it to end, and after ten seconds ends it: its store is a database that survives that. */
async function takeDown(pid: number, hasEnded: () => boolean): Promise<void> {
  signal(pid, 'SIGTERM')
  const patience = Date.now() + 10_000
  while (!hasEnded() && runs(pid)) {
    if (Date.now() > patience) signal(pid, 'SIGKILL')
    await wait(25)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ready is when the front end answers about the namespace we work in; an open port alone is too early. */
async function untilItAnswers(address: string, limit: number, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + limit
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 2_000 })
      try {
        await connection.workflowService.getSystemInfo({})
        await connection.workflowService.describeNamespace({ namespace: 'default' })
        return
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw error
      await wait(100)
    }
  }
}

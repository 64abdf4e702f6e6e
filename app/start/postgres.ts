import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readlinkSync, realpathSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, mkdtemp, open, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { canReach, findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { freePort, isPortFree } from './ports.ts'
import { isAlive, markOf, runs, type ProcessMark } from './process-mark.ts'
import { StartError } from './start-error.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Made on the first start; later starts go on with what is in it. */
  folder: string
  /** Without it a free one, kept for later starts. */
  port?: number
  user?: string
  database?: string
  /** Only for tests: what was committed may be lost with the machine. */
  fsync?: boolean
}

export interface RunningPostgres {
  /** For `database`, on 127.0.0.1. */
  url: string
  port: number
  /** Where the data really lies: not `folder` itself when that is out of the reach of the user PostgreSQL runs as. */
  folder: string
  pid: number
  /** Resolves when the server has ended, however it came to that. */
  ended: Promise<void>
  /** Ends it; open transactions are rolled back. */
  close(): Promise<void>
}

/** Where data goes that lies out of the postgres user's reach. */
const REACHABLE_DATA = '/var/lib/imoit'

/**
 * Starts the embedded PostgreSQL on a data folder, making the folder and `database` (UTF-8, Vietnamese ICU order) if need
 * be. In `folder`: `data` (the cluster), `password` (0600), `port`, `started-by`, `postgres.log`. A server left over by a
 * start that was killed is taken down first. Throws StartError: postgres-locked, postgres-failed, port-in-use and others.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { user = 'imoit', database = 'imoit' } = options
  const binaries = await findPostgres()
  const folder = await prepareFolder(path.resolve(options.folder), binaries)
  const data = path.join(folder, 'data')
  await refuseOrTakeDown(folder, binaries)

  const password = await keptPassword(folder, binaries)
  if (!existsSync(path.join(data, 'PG_VERSION'))) await initialise(folder, user, binaries)
  const port = await choosePort(folder, options.port)
  await writeFile(path.join(folder, 'started-by'), JSON.stringify(markOf(process.pid)))

  const server = await launch({ folder, port, fsync: options.fsync ?? true, binaries })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const urlOf = (name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) await takeDown(data, binaries)
    await ended
  }
  try {
    await ensureDatabase(urlOf('postgres'), database)
  } catch (error) {
    await close()
    throw failed(folder, error)
  }
  return { url: urlOf(database), port, folder, pid: server.pid ?? 0, ended, close }
}

/** Makes a database with Vietnamese order and UTF-8 if it is not there. `adminUrl` names another database. */
async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`
    if (found) return
    await sql`create database ${sql(name)} encoding 'UTF8' locale_provider icu icu_locale 'vi' template template0`
  } finally {
    await sql.end()
  }
}

/** The folder, owned by the user PostgreSQL runs as. Where that user cannot get to it, a link to one it can get to. */
async function prepareFolder(folder: string, { runAs }: PostgresBinaries): Promise<string> {
  try {
    if (!existsSync(folder)) {
      // A link whose target is gone is no data any more.
      if (
        await lstat(folder).then(
          () => true,
          () => false,
        )
      )
        await unlink(folder)
      await mkdir(path.dirname(folder), { recursive: true })
      if (canReach(path.dirname(folder), runAs)) {
        await mkdir(folder, { mode: 0o700 })
      } else {
        await mkdir(REACHABLE_DATA, { recursive: true, mode: 0o755 })
        await symlink(await mkdtemp(path.join(REACHABLE_DATA, 'postgres-')), folder)
      }
    }
    const real = realpathSync(folder)
    await chmod(real, 0o700)
    if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(real, runAs.uid, runAs.gid)
    if (!canReach(real, runAs)) throw new Error(`${real} is closed to user ${runAs.uid}`)
    return real
  } catch (cause) {
    throw new StartError(
      'postgres-folder',
      {
        vi: `Không dùng được thư mục dữ liệu ${folder}; hãy kiểm tra quyền của thư mục, hoặc đặt IMOIT_DATA tới một thư mục khác. Dữ liệu không bị động tới.`,
        en: `The data folder ${folder} cannot be used; check who may open it, or point IMOIT_DATA to another folder. No data was touched.`,
      },
      cause,
    )
  }
}

/** Ends the server that a killed start has left on this folder, if there is one. Throws StartError `postgres-locked`. */
export async function takeDownLeftover(folder: string): Promise<void> {
  if (existsSync(folder)) await refuseOrTakeDown(realpathSync(folder), await findPostgres())
}

async function refuseOrTakeDown(folder: string, binaries: PostgresBinaries): Promise<void> {
  const data = path.join(folder, 'data')
  const pid = await postmasterOf(data)
  if (pid === null) return
  const starter = await readMark(path.join(folder, 'started-by'))
  if (starter === null || isAlive(starter)) {
    const by = starter ? ` (PID ${starter.pid})` : ''
    throw new StartError('postgres-locked', {
      vi: `Thư mục dữ liệu ${folder} đang được một PostgreSQL khác dùng (PID ${pid}), do một lần khởi động còn đang chạy${by}; hãy dừng nó trước.`,
      en: `The data folder ${folder} is in use by another PostgreSQL (PID ${pid}) of a start that is still running${by}; stop that one first.`,
    })
  }
  await takeDown(data, binaries)
}

async function readMark(file: string): Promise<ProcessMark | null> {
  if (!existsSync(file)) return null
  return JSON.parse(await readFile(file, 'utf8')) as ProcessMark
}

/** The number of the server running on this data, null when none does; a lock file of a dead server is removed. */
async function postmasterOf(data: string): Promise<number | null> {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return null
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0])
  if (Number.isInteger(pid) && pid > 0 && runs(pid) && worksIn(pid, data)) return pid
  await rm(file, { force: true })
  return null
}

/** A postmaster's working directory is its data folder; anything else is a stranger who was given the same number. */
function worksIn(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch (error) {
    // Not ours to look at: then not ours to take for dead either. Gone meanwhile: dead.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

async function takeDown(data: string, { pgCtl, runAs }: PostgresBinaries): Promise<void> {
  await run(pgCtl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', '60'], { ...runAs, cwd: '/' }).catch(
    async (error: unknown) => {
      if ((await postmasterOf(data)) !== null) throw failed(path.dirname(data), error)
    },
  )
}

async function keptPassword(folder: string, { runAs }: PostgresBinaries): Promise<string> {
  const file = path.join(folder, 'password')
  if (!existsSync(file)) {
    await writeFile(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
    if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(file, runAs.uid, runAs.gid)
  }
  return (await readFile(file, 'utf8')).trim()
}

async function initialise(folder: string, user: string, { initdb, runAs }: PostgresBinaries): Promise<void> {
  const data = path.join(folder, 'data')
  // What an interrupted initdb left behind has no PG_VERSION and never held a commit of ours.
  await rm(data, { recursive: true, force: true })
  await mkdir(data, { mode: 0o700 })
  if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(data, runAs.uid, runAs.gid)
  const settings = [
    `--pgdata=${data}`,
    `--username=${user}`,
    `--pwfile=${path.join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=icu',
    '--icu-locale=vi',
    `--locale=${await characterLocale()}`,
    // Everything is started again after a crash in here, and the folder is new: nothing to lose yet.
    '--no-sync',
  ]
  await run(initdb, settings, { ...runAs, cwd: '/' }).catch((error: unknown) => {
    throw failed(folder, error)
  })
}

/** Which letters are letters: trigram search needs a UTF-8 one, the sorting is ICU's in any case. */
async function characterLocale(): Promise<string> {
  if (process.platform === 'win32') return 'C'
  const known = await run('locale', ['-a']).then(
    ({ stdout }) => new Set(stdout.split('\n').map((name) => name.trim())),
    () => new Set<string>(),
  )
  return ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8'].find((name) => known.has(name)) ?? 'C'
}

async function choosePort(folder: string, wanted?: number): Promise<number> {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted
    throw new StartError('port-in-use', {
      vi: `Cổng ${wanted} dành cho PostgreSQL đang được chương trình khác dùng; hãy dừng chương trình đó hoặc chọn cổng khác.`,
      en: `Port ${wanted}, meant for PostgreSQL, is in use by another program; stop that program or choose another port.`,
    })
  }
  const file = path.join(folder, 'port')
  const kept = existsSync(file) ? Number(await readFile(file, 'utf8')) : 0
  if (kept > 0 && (await isPortFree(kept))) return kept
  const port = await freePort()
  await writeFile(file, String(port))
  return port
}

async function launch(start: {
  folder: string
  port: number
  fsync: boolean
  binaries: PostgresBinaries
}): Promise<ChildProcess> {
  const { folder, port, binaries } = start
  const data = path.join(folder, 'data')
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: start.fsync ? '256MB' : '128MB',
    // Also in tests: what was committed must outlive a kill of the server, if not of the machine.
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...(start.fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const logFile = path.join(folder, 'postgres.log')
  const deadline = Date.now() + 120_000
  for (;;) {
    const log = await open(logFile, 'a')
    const logFrom = (await log.stat()).size
    // A session of its own: Ctrl-C in the terminal must reach us alone, we stop the parts in their order.
    const server = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...flags], {
      ...binaries.runAs,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, LC_ALL: undefined, LC_MESSAGES: 'C', TZ: 'UTC' },
    })
    const spawned = await new Promise<true | Error>((resolve) => {
      server.once('spawn', () => resolve(true))
      server.once('error', resolve)
    })
    await log.close()
    if (spawned !== true) throw failed(folder, spawned)
    if (await becomesReady(server, data)) return server

    const said = (await readFile(logFile, 'utf8')).slice(logFrom)
    // The children of a server that was killed need a moment to notice; until then its memory counts as in use.
    const oldOneLingers = /pre-existing shared memory block|still in use/.test(said)
    if (!oldOneLingers || Date.now() > deadline)
      throw failed(folder, new Error(said.trim() || 'no word from PostgreSQL'))
    await wait(200)
  }
}

/** True when it takes connections, false when it ended first. The last line of the lock file says it, as to pg_ctl. */
async function becomesReady(server: ChildProcess, data: string): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    const lines = await readFile(path.join(data, 'postmaster.pid'), 'utf8').then(
      (text) => text.split('\n'),
      () => [],
    )
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') return true
    await wait(20)
  }
  return false
}

function failed(folder: string, cause: unknown): StartError {
  const log = path.join(folder, 'postgres.log')
  const reason =
    cause instanceof Error ? cause.message.split('\n').find((line) => /FATAL|error:/i.test(line)) : undefined
  return new StartError(
    'postgres-failed',
    {
      vi: `PostgreSQL không khởi động được (${reason?.trim() ?? 'không rõ lý do'}); dữ liệu giữ nguyên, xem ${log}.`,
      en: `PostgreSQL did not start (${reason?.trim() ?? 'no reason given'}); the data is as it was, see ${log}.`,
    },
    cause,
  )
}

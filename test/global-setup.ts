import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { startPostgres, takeDownLeftover, type RunningPostgres } from '#app/start/postgres.ts'
import { projectRoot } from '#app/start/parts.ts'
import { isAlive, markOf, type ProcessMark } from '#app/start/process-mark.ts'
import { startTemporal, type RunningTemporal } from '#app/start/temporal.ts'
import { build, needsBuild } from '#app/start/web-build.ts'
import { migrate } from '#db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for servers and databases: `test/servers.ts`. */
    testServers: string
  }
}

const PREFIX = 'imoit-test-'
const TEMPLATE = 'imoit_template'

/**
 * One PostgreSQL, one Temporal and one build of the web application for the whole run, each started when a test file first asks for it: most files need
 * neither. The template database has the migrations, so that a file's own database is a copy and takes milliseconds.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep()
  const folder = await mkdtemp(path.join(tmpdir(), PREFIX))
  await chmod(folder, 0o755) // the user that PostgreSQL runs as must get through
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(markOf(process.pid)))

  let database: Promise<Database> | undefined
  let temporal: Promise<RunningTemporal> | undefined
  let web: Promise<null> | undefined
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const [, noun, name] = (request.url ?? '').split('/')
    if (noun === 'temporal') return { address: (await (temporal ??= startOwnTemporal(folder))).address }
    if (noun === 'web') return (web ??= buildWeb(folder))
    if (noun === 'databases') {
      const { create, drop } = await (database ??= startDatabase(folder))
      return request.method === 'DELETE' ? drop(name ?? '') : create()
    }
    throw new Error(`no such test server: ${request.url}`)
  }
  const server = createServer((request, response) => {
    answer(request).then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => {
        response.statusCode = 500
        response.end(error instanceof Error ? (error.stack ?? error.message) : String(error))
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('testServers', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)

  return async () => {
    server.closeAllConnections()
    server.close()
    const started = await Promise.allSettled([
      database?.then(({ close }) => close()),
      temporal?.then((it) => it.close()),
    ])
    await rm(folder, { recursive: true, force: true })
    for (const result of started) if (result.status === 'rejected') throw result.reason
  }
}

interface Database {
  create(): Promise<{ url: string; name: string }>
  drop(name: string): Promise<null>
  close(): Promise<void>
}

async function startDatabase(folder: string): Promise<Database> {
  const server: RunningPostgres = await startPostgres({
    folder: path.join(folder, 'postgres'),
    database: TEMPLATE,
    fsync: false,
  })
  await migrate(server.url)
  const urlOf = (name: string) => server.url.replace(TEMPLATE, name)
  const sql = postgres(urlOf('postgres'), { max: 4, onnotice: () => {} })
  let made = 0
  return {
    async create() {
      const name = `test_${(made += 1)}`
      await sql`create database ${sql(name)} template ${sql(TEMPLATE)} strategy file_copy`
      return { url: urlOf(name), name }
    },
    async drop(name) {
      await sql`drop database if exists ${sql(name)} with (force)`
      return null
    },
    async close() {
      await sql.end()
      await server.close()
      await rm(server.folder, { recursive: true, force: true })
    },
  }
}

/** Once for the run: files of tests that go side by side share the build. */
async function buildWeb(folder: string): Promise<null> {
  if (needsBuild(projectRoot)) await build(projectRoot, path.join(folder, 'build.log'))
  return null
}

async function startOwnTemporal(folder: string): Promise<RunningTemporal> {
  const server = await startTemporal({ folder: null })
  if (server.pid !== null) await writeFile(path.join(folder, 'temporal.json'), JSON.stringify(markOf(server.pid)))
  return server
}

/** Takes away what runs that were killed have left: their folders and their servers. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const folder = path.join(tmpdir(), name)
    const run = await readMark(path.join(folder, 'run.json'))
    if (run === null || isAlive(run)) continue
    await takeDownLeftover(path.join(folder, 'postgres'))
    const server = await readMark(path.join(folder, 'temporal.json'))
    if (server !== null && isAlive(server)) process.kill(server.pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

function readMark(file: string): Promise<ProcessMark | null> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as ProcessMark,
    () => null,
  )
}

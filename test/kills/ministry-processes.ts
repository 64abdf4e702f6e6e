import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startChild, type RunningChild } from '#app/start/child.ts'
import { projectRoot } from '#app/start/parts.ts'
import { freePort } from '#app/start/ports.ts'
import { startPostgres, type RunningPostgres } from '#app/start/postgres.ts'
import { startTemporal, type RunningTemporal } from '#app/start/temporal.ts'
import { openDatabase, type Database } from '#db/database.ts'
import { createFileStore, type FileStore } from '#db/file-store.ts'
import { migrate } from '#db/migrate.ts'
import { createGatewayClient, type GatewayClient } from '#exchange/client.ts'
import { webIsBuilt } from '../servers.ts'
import { engageStaff, type Colleague } from './staff.ts'

/** Processes of ours, by the file each runs. */
const FILES = {
  web: 'app/server.ts',
  worker: 'workflows/worker.ts',
  inbox: 'workflows/mail-inbox.ts',
  node: 'app/government-node.ts',
} as const
export type Part = keyof typeof FILES | 'postgres' | 'temporal'

const SECRET = 'between-ministry-and-government-office'
const DOMAIN = 'moit.example'

/**
 * A small ministry in the processes that `npm start` has: PostgreSQL with every commit flushed, Temporal with its store in a
 * file, the mail inbox, the Government Office's node, the worker and the web application. Each can be killed, ended and
 * started again on what it left; addresses stay the same.
 */
export class MinistryProcesses {
  readonly folder: string
  readonly webUrl: string
  readonly nodeUrl: string
  /** The Government Office's own connection to the exchange. */
  readonly office: GatewayClient
  readonly files: FileStore
  /** The test's own pool, and the people in the ministry: there once it is up. */
  db!: Database
  staff!: Record<string, Colleague>
  readonly #ports: { web: number; node: number; smtp: number; temporal: number }
  /** Parts that ended although nobody had ended them. */
  readonly deaths: Part[] = []
  readonly #children = new Map<Part, RunningChild>()
  #postgres: RunningPostgres | null = null
  #temporal: RunningTemporal | null = null

  private constructor(folder: string, ports: { web: number; node: number; smtp: number; temporal: number }) {
    this.folder = folder
    this.#ports = ports
    this.webUrl = `http://127.0.0.1:${ports.web}`
    this.nodeUrl = `http://127.0.0.1:${ports.node}`
    this.files = createFileStore(path.join(folder, 'files'))
    this.office = createGatewayClient({
      baseUrl: this.nodeUrl,
      systemId: 'vpcp',
      secret: SECRET,
      organCode: '000.00.00.G22',
    })
  }

  static async start(): Promise<MinistryProcesses> {
    await webIsBuilt()
    const folder = await mkdtemp(path.join(tmpdir(), 'imoit-kills-'))
    // The user that PostgreSQL runs as must get through.
    await chmod(folder, 0o755)
    const [web, node, smtp, temporal] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
    const ministry = new MinistryProcesses(folder, { web, node, smtp, temporal })
    try {
      await Promise.all([ministry.up('postgres'), ministry.up('temporal')])
      const url = ministry.#database().url
      await migrate(url)
      ministry.db = openDatabase(url, { max: 8, applicationName: 'imoit test' })
      ministry.staff = await engageStaff(ministry.db, ministry.webUrl)
      // The node reads the agencies, the worker polls the node: in this order nobody waits.
      await Promise.all([ministry.up('inbox'), ministry.up('node'), ministry.up('web')])
      await ministry.up('worker')
      return ministry
    } catch (error) {
      await ministry.close()
      throw error
    }
  }

  /** Starts a part, on the data and at the address it had. */
  async up(part: Part): Promise<void> {
    if (part === 'postgres') {
      const url = this.#postgres?.url
      this.#postgres = await startPostgres({ folder: path.join(this.folder, 'postgres') })
      if (url !== undefined && url !== this.#postgres.url)
        throw new Error(`PostgreSQL came back elsewhere than at ${url}`)
    } else if (part === 'temporal') {
      const { TEMPORAL_ADDRESS: _shared, ...env } = process.env
      this.#temporal = await startTemporal({ folder: this.#temporalFolder, port: this.#ports.temporal, env })
    } else {
      const child = await startChild({
        part,
        file: path.join(projectRoot, FILES[part]),
        env: this.#environment(),
        logFile: path.join(this.folder, 'log', `${part}.log`),
      })
      this.#children.set(part, child)
      void child.ended.then(() => {
        if (this.#children.get(part) === child) this.deaths.push(part)
      })
    }
  }

  /** SIGKILL, and waits until the process is gone. */
  async kill(part: Part): Promise<void> {
    const running = this.#running(part)
    if (running.pid === null || running.pid === 0) throw new Error(`${part} has no process of its own`)
    this.#children.delete(part)
    process.kill(running.pid, 'SIGKILL')
    await running.ended
  }

  /** As the start ends it. */
  async down(part: Part): Promise<void> {
    const running = this.#running(part)
    this.#children.delete(part)
    await running.close()
  }

  /** Takes away all that Temporal has kept. It must be down. */
  async wipeTemporal(): Promise<void> {
    await rm(this.#temporalFolder, { recursive: true, force: true })
  }

  /** `GET /health`. */
  async health(): Promise<Record<string, { state: string; detail: string }>> {
    const answer = await fetch(`${this.webUrl}/health`)
    return ((await answer.json()) as { parts: Record<string, { state: string; detail: string }> }).parts
  }

  async close(): Promise<void> {
    const children = [...this.#children.values()]
    this.#children.clear()
    await Promise.all(children.map((child) => child.close()))
    await (this.db as Database | undefined)?.close()
    await Promise.all([this.#temporal?.close(), this.#postgres?.close()])
    if (this.#postgres) await rm(this.#postgres.folder, { recursive: true, force: true })
    await rm(this.folder, { recursive: true, force: true })
  }

  get #temporalFolder(): string {
    return path.join(this.folder, 'temporal')
  }

  #running(part: Part): { pid: number | null; ended: Promise<void>; close(): Promise<void> } {
    const running =
      part === 'postgres' ? this.#postgres : part === 'temporal' ? this.#temporal : this.#children.get(part)
    if (!running) throw new Error(`${part} is not up`)
    return running
  }

  #database(): RunningPostgres {
    if (!this.#postgres) throw new Error('PostgreSQL is not up')
    return this.#postgres
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DATABASE_URL: this.#database().url,
      TEMPORAL_ADDRESS: `127.0.0.1:${this.#ports.temporal}`,
      IMOIT_DATA: this.folder,
      HOST: '127.0.0.1',
      PORT: String(this.#ports.web),
      NODE_PORT: String(this.#ports.node),
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(this.#ports.smtp),
      MAIL_DOMAIN: DOMAIN,
      EXCHANGE_URL: this.nodeUrl,
      EXCHANGE_SYSTEM_ID: 'imoit',
      EXCHANGE_SECRET: SECRET,
    }
  }
}

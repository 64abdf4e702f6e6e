import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startChild } from './child.ts'
import { keepUp } from './keep-up.ts'
import { lockData } from './lock.ts'
import { checkPorts } from './parts.ts'
import { startPostgres } from './postgres.ts'
import { isAlive, markOf } from './process-mark.ts'
import { readSettings } from './settings.ts'
import { findTemporal } from './temporal-binary.ts'
import { startTemporal } from './temporal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-start-'))
  await chmod(folder, 0o755)
})
const servers: { close(): Promise<void> }[] = []
const kept = <T extends { close(): Promise<void> }>(server: T): T => (servers.push(server), server)
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the data folder', () => {
  it('belongs to one start at a time, and a dead one’s lock is taken over', async () => {
    const data = path.join(folder, 'locked')
    const unlock = await lockData(data)
    await expect(lockData(data)).rejects.toMatchObject({
      code: 'data-locked',
      en: expect.stringContaining(`${process.pid}`),
    })
    unlock()
    expect(existsSync(path.join(data, 'lock'))).toBe(false)

    const gone = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const mark = markOf(gone.pid ?? 0)
    expect(isAlive(mark)).toBe(true)
    gone.kill('SIGKILL')
    await once(gone, 'exit')
    expect(isAlive(mark)).toBe(false)
    await writeFile(path.join(data, 'lock'), JSON.stringify(mark))
    const again = await lockData(data)
    again()
  })

  it('of a process whose number somebody else has now is free', async () => {
    const data = path.join(folder, 'reused')
    const unlock = await lockData(data)
    unlock()
    await writeFile(path.join(data, 'lock'), JSON.stringify({ pid: process.pid, born: 'another boot:1' }))
    const again = await lockData(data)
    again()
  })
})

describe('embedded PostgreSQL', () => {
  it('goes on with its data, refuses a second one, and survives being killed', async () => {
    const options = { folder: path.join(folder, 'postgres'), fsync: false }
    const first = kept(await startPostgres(options))
    const sql = postgres(first.url, { max: 1 })
    await sql`create table kept (word text)`
    await sql`insert into kept values ('Đồng'), ('Đã')`
    const database = await sql`
      select datlocale as locale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'imoit'`
    expect(database).toEqual([{ locale: 'vi', encoding: 'UTF8' }])
    await sql.end()
    await expect(startPostgres(options)).rejects.toMatchObject({ code: 'postgres-locked' })
    expect((await stat(path.join(first.folder, 'password'))).mode & 0o077).toBe(0)
    expect((await stat(first.folder)).mode & 0o077).toBe(0)

    process.kill(first.pid, 'SIGKILL')
    await first.ended
    const second = kept(await startPostgres(options))
    expect(second.url).toBe(first.url)
    const again = postgres(second.url, { max: 1 })
    expect(await again`select word from kept order by word`).toEqual([{ word: 'Đã' }, { word: 'Đồng' }])
    await again.end()
  })

  it('lets nobody in without the password', async () => {
    const server = kept(await startPostgres({ folder: path.join(folder, 'postgres'), fsync: false }))
    const stranger = new URL(server.url)
    stranger.password = 'guess'
    await expect(postgres(stranger.href, { max: 1 })`select 1`).rejects.toThrow('password authentication failed')
  })
})

describe('Temporal', () => {
  it('keeps its state in the folder, refuses a second one, and starts again on the same port', async () => {
    const data = path.join(folder, 'temporal')
    const first = kept(await startTemporal({ folder: data }))
    expect(existsSync(path.join(data, 'temporal.db'))).toBe(true)
    await expect(startTemporal({ folder: data })).rejects.toMatchObject({ code: 'temporal-locked' })
    process.kill(first.pid ?? 0, 'SIGKILL')
    await first.ended
    const second = kept(await startTemporal({ folder: data, port: Number(first.address.split(':')[1]) }))
    expect(second.address).toBe(first.address)
  })

  it('that is nowhere is said in one sentence naming what to install', async () => {
    const env = { ...process.env, PATH: folder, XDG_CACHE_HOME: path.join(folder, 'cache') }
    // The download is cut short, as on a machine without a network.
    await expect(findTemporal({ env, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'temporal-missing',
      en: expect.stringMatching(/Install the Temporal CLI or Go, or set TEMPORAL_ADDRESS\.$/),
    })
  })
})

describe('parts of our own', () => {
  const script = async (name: string, source: string) => {
    const file = path.join(folder, name)
    await writeFile(file, source)
    return { part: name, file, env: process.env, logFile: path.join(folder, 'log', `${name}.log`) }
  }
  const alive = 'process.send({ listening: 4711 }); setInterval(() => {}, 1000)'

  it('are started again when they end by themselves, and end when asked', async () => {
    const options = await script('part.mjs', alive)
    const news: string[] = []
    let isBack = () => {}
    const back = new Promise<void>((resolve) => (isBack = resolve))
    const started: number[] = []
    const keeping = await keepUp(
      async () => {
        const child = await startChild(options)
        started.push(child.pid)
        return child
      },
      { died: () => news.push('died'), failed: () => news.push('failed'), back: () => (news.push('back'), isBack()) },
    )
    expect(keeping.first.port).toBe(4711)
    process.kill(keeping.first.pid, 'SIGKILL')
    await back
    expect(news).toEqual(['died', 'back'])
    await keeping.close()
    expect(started.map((pid) => isAlive(markOf(pid)))).toEqual([false, false])
  })

  it('that cannot start say why in one sentence', async () => {
    const options = await script('broken.mjs', 'throw new TypeError("no such mailbox")')
    await expect(startChild(options)).rejects.toMatchObject({
      code: 'part-failed',
      en: expect.stringContaining('broken.mjs did not start (TypeError: no such mailbox)'),
    })
    expect(await readFile(options.logFile, 'utf8')).toContain('no such mailbox')
  })
})

describe('what the environment says', () => {
  it('is taken, or refused by the name of the variable', () => {
    expect(readSettings({ NODE_ENV: 'test', PORT: '8080', SMTP_PORT: '', IMOIT_DATA: '/srv/data' })).toMatchObject({
      port: 8080,
      smtpPort: 1025,
      nodePort: 3900,
      dataFolder: '/srv/data',
      databaseUrl: null,
    })
    expect(() => readSettings({ NODE_ENV: 'test', NODE_PORT: 'http' })).toThrow(/^NODE_PORT=http/)
  })

  it('names the port that somebody else has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const settings = readSettings({ NODE_ENV: 'test', PORT: String(port) })
    await expect(checkPorts(settings)).rejects.toMatchObject({
      code: 'port-in-use',
      en: expect.stringContaining('set PORT'),
    })
    other.close()
  })
})

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openDatabase, type Database } from '#db/database.ts'
import { lockData } from '../start/lock.ts'
import { checkDatabase } from '../start/parts.ts'
import { isPortFree } from '../start/ports.ts'
import { startPostgres } from '../start/postgres.ts'
import { readSettings } from '../start/settings.ts'
import { StartError } from '../start/start-error.ts'

/**
 * Works with the ministry's database: DATABASE_URL, or else the embedded one of the data folder; where that does not run at
 * the moment it is started for as long as the work takes. Throws StartError.
 */
export async function withDatabase<T>(env: NodeJS.ProcessEnv, work: (db: Database) => Promise<T>): Promise<T> {
  const { databaseUrl, dataFolder } = readSettings(env)
  if (databaseUrl !== null) return using(databaseUrl, work)
  const folder = path.join(dataFolder, 'postgres')
  if (!existsSync(folder)) throw noData(dataFolder)
  const running = await runningDatabase(folder)
  if (running !== null) return using(running, work)
  const unlock = await lockData(dataFolder)
  try {
    const server = await startPostgres({ folder })
    try {
      return await using(server.url, work)
    } finally {
      await server.close()
    }
  } finally {
    unlock()
  }
}

async function using<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  await checkDatabase(url)
  const db = openDatabase(url, { max: 4, applicationName: 'imoit command' })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** The embedded server's address while `npm start` runs; null when nobody listens on its port. */
async function runningDatabase(folder: string): Promise<string | null> {
  const read = (name: string) => readFile(path.join(folder, name), 'utf8').then((text) => text.trim())
  if (!existsSync(path.join(folder, 'port')) || !existsSync(path.join(folder, 'password'))) return null
  const [port, password] = await Promise.all([read('port'), read('password')])
  return (await isPortFree(Number(port))) ? null : `postgres://imoit:${password}@127.0.0.1:${port}/imoit`
}

const noData = (folder: string) =>
  new StartError('no-data', {
    vi: `Thư mục ${folder} chưa có dữ liệu; hãy đặt DATABASE_URL hoặc IMOIT_DATA, hay chạy npm start một lần.`,
    en: `The folder ${folder} holds no data; set DATABASE_URL or IMOIT_DATA, or run npm start once.`,
  })

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { migrate } from '#db/migrate.ts'
import { startPostgres } from '../../app/start/postgres.ts'

export interface BenchServer {
  url: string
  pid: number
  close(): Promise<void>
}

/** A PostgreSQL of its own with the settings that the comparison asks for (1 GB of buffers, every commit flushed), migrated. */
export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'imoit-bench-'))
  // Open to the user that PostgreSQL runs as when root starts it.
  await chmod(folder, 0o755)
  const first = await startPostgres({ folder: path.join(folder, 'postgres') })
  const sql = postgres(first.url, { max: 1 })
  await sql`alter system set shared_buffers = '1GB'`
  await sql`alter system set synchronous_commit = 'on'`
  await sql`alter system set max_wal_size = '8GB'`
  await sql.end()
  await first.close()
  const server = await startPostgres({ folder: path.join(folder, 'postgres') })
  await migrate(server.url)
  return {
    url: server.url,
    pid: server.pid,
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

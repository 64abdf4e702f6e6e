import { inject } from 'vitest'

/** A database of its own for one test file, with the newest schema and no rows. */
export interface TestDatabase {
  url: string
  /** Ends the connections that are still open, too. */
  drop(): Promise<void>
}

/**
 * A copy of the template that has the migrations, in the run's one PostgreSQL (real, without fsync). Use in `beforeAll`,
 * and `drop` in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, name } = await ask<{ url: string; name: string }>('POST', '/databases')
  return { url, drop: () => ask('DELETE', `/databases/${name}`) }
}

/** host:port of the run's one Temporal development server (in memory). Use task queues and workflow ids of your own. */
export async function temporalAddress(): Promise<string> {
  return (await ask<{ address: string }>('GET', '/temporal')).address
}

/** The web application is built when this is done. Before whatever starts it, so that no two build it side by side. */
export async function webIsBuilt(): Promise<void> {
  await ask('GET', '/web')
}

async function ask<T>(method: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, inject('testServers')), { method })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as T
}

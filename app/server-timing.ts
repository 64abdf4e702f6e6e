import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestHandler } from 'express'
import type { Sql } from 'postgres'

interface Measurement {
  startedAt: number
  queries: number
  databaseMs: number
}

const current = new AsyncLocalStorage<Measurement>()

/** What postgres.js makes of a tagged template: a promise that starts with `handle` and ends with `resolve` or `reject`. */
interface Query {
  executed: unknown
  resolve(value: unknown): void
  reject(error: unknown): void
  handle(): unknown
}

/**
 * Counts the queries of each request and their time. postgres.js has no hook that runs in the caller's context, so the
 * start of its queries is wrapped once, where the caller is still known.
 */
export function measureQueries(sql: Sql): void {
  // Never awaited, so never sent: it only shows the class.
  const prototype = Object.getPrototypeOf(sql`select 1`) as Query
  const handle = prototype.handle
  prototype.handle = function (this: Query) {
    const measurement = current.getStore()
    if (measurement && !this.executed) {
      const startedAt = performance.now()
      const { resolve, reject } = this
      measurement.queries += 1
      this.resolve = (value) => {
        measurement.databaseMs += performance.now() - startedAt
        resolve.call(this, value)
      }
      this.reject = (error) => {
        measurement.databaseMs += performance.now() - startedAt
        reject.call(this, error)
      }
    }
    return handle.call(this)
  }
}

/** Puts the server's own time, ms, in a `Server-Timing` header: in all until the first byte, and in the database. */
export const serverTiming: RequestHandler = (_request, response, next) => {
  const measurement: Measurement = { startedAt: performance.now(), queries: 0, databaseMs: 0 }
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => typeof response
  response.writeHead = ((...head: unknown[]) => {
    if (!response.headersSent) {
      const total = (performance.now() - measurement.startedAt).toFixed(1)
      const { queries, databaseMs } = measurement
      response.setHeader(
        'Server-Timing',
        `total;dur=${total}, db;dur=${databaseMs.toFixed(1)};desc="${queries} queries"`,
      )
    }
    return writeHead(...head)
  }) as typeof response.writeHead
  current.run(measurement, next)
}

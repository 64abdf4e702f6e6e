import type { Logger } from 'pino'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import type { Environment } from './environment.server.ts'

declare module '@remix-run/server-runtime' {
  /** What the web server hands to every loader and action; one object for each request. */
  interface AppLoadContext {
    db: Database
    files: FileStore
    environment: Environment
    cspNonce: string
    /** The code a person quotes when something went wrong; in the log beside it. */
    requestId: string
    log: Logger
    /** The caller's network address. */
    address: string
    /** The caller came over https. */
    secure: boolean
    /** Adds a Set-Cookie header to whatever the answer will be. */
    setCookie(cookie: string): void
    /** Aborted when the server is going down: streams end themselves then. */
    closing: AbortSignal
  }
}

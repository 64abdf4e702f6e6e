import { pathToFileURL } from 'node:url'
import { openDatabase } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { knowsMailbox, storeLetter } from '#db/letters.ts'
import { startInboxServer } from '#mail/inbox-server.ts'
import { parseLetter } from '#mail/parse.ts'
import { readWorkerEnvironment, type WorkerEnvironment } from './environment.ts'
import { startHeartbeats } from './heartbeat.ts'
import { createLog, type Logger } from './log.ts'
import { askedToEnd, sayReady } from './process-life.ts'

/** Of one letter, bytes on the wire: a 25 MB attachment and what base64 adds. */
const MAX_LETTER_BYTES = 36 * 1024 * 1024

export interface RunningInbox {
  port: number
  stop(): Promise<void>
}

/** Receives letters for the people of the ministry and keeps them in their mailboxes. Rejects when the port is taken. */
export async function startMailInbox(
  environment: Pick<WorkerEnvironment, 'databaseUrl' | 'filesFolder' | 'smtp' | 'mailDomain'>,
  log: Logger = createLog('mail'),
): Promise<RunningInbox> {
  const db = openDatabase(environment.databaseUrl, { max: 4, applicationName: 'imoit-mail' })
  const files = createFileStore(environment.filesFolder)
  const heartbeats = startHeartbeats(db, log, { mail: { state: 'starting', detail: '' } })
  try {
    const server = await startInboxServer({
      ...environment.smtp,
      domain: environment.mailDomain,
      maxBytes: MAX_LETTER_BYTES,
      knows: (address) => knowsMailbox(db, address),
      async onLetter(raw, { to }) {
        await storeLetter(db, files, { letter: await parseLetter(raw), raw, mailboxes: to })
        heartbeats.set('mail', { state: 'up', detail: address })
      },
      // A letter that was refused is the sender's affair; the inbox is well.
      onError: (error) => log.warn({ err: error }, 'a letter was not taken in'),
    })
    const address = `${environment.smtp.host}:${server.port}`
    heartbeats.set('mail', { state: 'up', detail: address })
    return {
      port: server.port,
      async stop() {
        await server.close()
        await heartbeats.stop()
        await db.close()
      },
    }
  } catch (error) {
    await heartbeats.stop()
    await db.close()
    throw error
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const inbox = await startMailInbox(readWorkerEnvironment())
  process.send?.({ listening: inbox.port })
  const asked = askedToEnd()
  sayReady(inbox.port)
  await asked
  await inbox.stop()
  process.exit(0)
}

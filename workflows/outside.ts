import type { Variables } from '#bpmn/case.ts'
import type { ClaimedCall } from '#db/case-work.ts'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import type { GatewayClient } from '#exchange/client.ts'
import type { MailServer } from '#mail/send.ts'

/** What the outside is made of, for whoever makes calls. */
export interface Outside {
  db: Database
  files: FileStore
  /** Null: this ministry is not on the exchange. */
  gateway: GatewayClient | null
  smtp: MailServer
  /** What else the worker does for flows, by service type. Throws CallRefused where it is refused for good. */
  services?: ReadonlyMap<string, (call: ClaimedCall) => Promise<Variables>>
  environment: {
    publicUrl: string
    mailDomain: string
    organ: { id: string; name: string }
  }
}

/** The outside refused for good: no repeat can help. `message` is for the list of incidents. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** All of a stored file. Throws when the store does not have it. */
export async function readStored(files: FileStore, sha256: string): Promise<Buffer> {
  const stored = await files.open(sha256)
  if (!stored) throw new Error(`the file store has no ${sha256}`)
  const chunks: Buffer[] = []
  for await (const chunk of stored.stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

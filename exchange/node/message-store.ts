/**
 * What the node holds: one `.edxml` file and one `.json` beside it per message, in `messages/`. The `.json` is written last
 * and each write is atomic, so a message is there wholly or not at all. Everything but the files is kept in memory.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageTypes, transportStates } from '../gateway-protocol.ts'
import { sha256Hex } from '../request-signature.ts'
import { writeDurably } from './durable-file.ts'

const storedMessageSchema = z.object({
  version: z.literal(1),
  docId: z.uuid(),
  /** Sender, type and document: what makes a repeat of the same message. */
  key: z.string(),
  messageType: z.enum(messageTypes),
  from: z.string(),
  systemId: z.string(),
  documentId: z.string(),
  /** Number and notation: `7816/VPCP-KSTT`. */
  code: z.string(),
  subject: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  createdTime: z.string(),
  deliveries: z.array(
    z.object({
      organId: z.string(),
      /** Null for an agency of the directory that no system speaks for. */
      systemId: z.string().nullable(),
      status: z.enum(transportStates),
      updatedTime: z.string(),
    }),
  ),
  /** Of status messages only. */
  businessStatus: z.object({ statusCode: z.string(), description: z.string(), timestamp: z.string() }).nullable(),
})
export type StoredMessage = z.infer<typeof storedMessageSchema>
export type Delivery = StoredMessage['deliveries'][number]
export type NewMessage = Omit<StoredMessage, 'version' | 'docId' | 'createdTime' | 'bytes' | 'sha256' | 'deliveries'>
export type Receiver = Pick<Delivery, 'organId' | 'systemId'>

export class MessageStore {
  private readonly byId = new Map<string, StoredMessage>()
  private readonly byKey = new Map<string, StoredMessage>()
  /** Writes wait for each other: a repeat must find what is being stored. */
  private tail: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly folder: string,
    private readonly now: () => number,
  ) {}

  /** Opens the folder, made if it is not there. Throws when a message's record is damaged, naming the file. */
  static async open(folder: string, now: () => number): Promise<MessageStore> {
    const store = new MessageStore(join(folder, 'messages'), now)
    await mkdir(store.folder, { recursive: true, mode: 0o700 })
    const names = (await readdir(store.folder)).filter((name) => name.endsWith('.json'))
    const messages: StoredMessage[] = []
    for (const name of names) {
      try {
        messages.push(storedMessageSchema.parse(JSON.parse(await readFile(join(store.folder, name), 'utf8'))))
      } catch (cause) {
        throw new Error(`The demonstration node cannot read its record ${join(store.folder, name)}`, { cause })
      }
    }
    messages.sort((a, b) => (a.createdTime < b.createdTime ? -1 : a.createdTime > b.createdTime ? 1 : 0))
    for (const message of messages) store.keep(message)
    return store
  }

  /** Oldest first. */
  all(): StoredMessage[] {
    return [...this.byId.values()]
  }

  get(docId: string): StoredMessage | undefined {
    return this.byId.get(docId)
  }

  read(message: StoredMessage): Promise<Buffer> {
    return readFile(join(this.folder, `${message.docId}.edxml`))
  }

  /** Business statuses that other agencies sent about a document of this sender, oldest first. */
  statusesAbout(document: StoredMessage) {
    return this.all().flatMap((message) =>
      message.businessStatus && message.documentId === document.documentId && this.isTo(message, document.systemId)
        ? [{ ...message.businessStatus, from: message.from, receivedTime: message.createdTime }]
        : [],
    )
  }

  private isTo(message: StoredMessage, systemId: string): boolean {
    return message.deliveries.some((delivery) => delivery.systemId === systemId)
  }

  /** Stores a message once: a repeat gives the first one back, with receivers added that it did not have. */
  accept(
    message: NewMessage,
    receivers: Receiver[],
    edxml: Buffer,
  ): Promise<{ message: StoredMessage; repeated: boolean }> {
    return this.inTurn(async () => {
      const time = new Date(this.now()).toISOString()
      const deliver = (receiver: Receiver): Delivery => ({ ...receiver, status: 'initial', updatedTime: time })
      const known = this.byKey.get(message.key)
      if (known) {
        const added = receivers.filter((receiver) =>
          known.deliveries.every(({ organId }) => organId !== receiver.organId),
        )
        if (added.length > 0) {
          await this.save({ ...known, deliveries: [...known.deliveries, ...added.map(deliver)] })
        }
        return { message: this.byId.get(known.docId) ?? known, repeated: true }
      }
      const stored: StoredMessage = {
        version: 1,
        docId: randomUUID(),
        ...message,
        bytes: edxml.length,
        sha256: sha256Hex(edxml),
        createdTime: time,
        deliveries: receivers.map(deliver),
      }
      await writeDurably(join(this.folder, `${stored.docId}.edxml`), edxml)
      await this.save(stored)
      return { message: stored, repeated: false }
    })
  }

  /** Sets the transport state of a system's deliveries. */
  acknowledge(docId: string, systemId: string, status: Delivery['status']): Promise<void> {
    return this.inTurn(async () => {
      const message = this.byId.get(docId)
      if (!message) return
      const updatedTime = new Date(this.now()).toISOString()
      await this.save({
        ...message,
        deliveries: message.deliveries.map((delivery) =>
          delivery.systemId === systemId ? { ...delivery, status, updatedTime } : delivery,
        ),
      })
    })
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.tail
  }

  private async save(message: StoredMessage): Promise<void> {
    await writeDurably(join(this.folder, `${message.docId}.json`), JSON.stringify(message, null, 2))
    this.keep(message)
  }

  private keep(message: StoredMessage): void {
    this.byId.set(message.docId, message)
    this.byKey.set(message.key, message)
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work)
    this.tail = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }
}

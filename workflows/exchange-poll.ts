import { setTimeout as wait } from 'node:timers/promises'
import { fileTypeFromBuffer } from 'file-type'
import { receiveArrival, receiveStatus, refuseArrival, type Arrival, type Transport } from '#db/arrivals.ts'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { isUnavailable } from '#db/unavailable.ts'
import type { GatewayClient, ReceivedMessage } from '#exchange/client.ts'
import { documentTypeByName } from '#exchange/document-types.ts'
import type { EdxmlLimits } from '#exchange/edxml/limits.ts'
import type { DocumentMessage, EdxmlMessage } from '#exchange/edxml/message.ts'
import { readEdxml } from '#exchange/edxml/read.ts'
import { EdxmlRefusal } from '#exchange/edxml/refusal.ts'
import { ExchangeRefused, ExchangeUnavailable } from '#exchange/gateway-errors.ts'
import type { Logger } from './log.ts'

const POLL_MS = 2_000
const MAX_PAUSE_MS = 60_000
const BATCH = 50
/** Tries of a message that we fail on, although nothing is down, before a person is told. */
const FAULTY_TRIES = 3

export interface ExchangePollOptions {
  db: Database
  files: FileStore
  gateway: GatewayClient
  limits?: Partial<EdxmlLimits>
  pollMs?: number
  log: Logger
  onState: (state: { state: 'up' | 'down'; detail: string }) => void
}

export interface ExchangePoll {
  stop(): Promise<void>
}

/** Fetches what the gateway holds for us, over and over, whether Temporal is there or not. */
export function startExchangePoll(options: ExchangePollOptions): ExchangePoll {
  const { pollMs = POLL_MS } = options
  const ending = new AbortController()
  const trials: Trials = new Map()
  const loop = async () => {
    let pause = pollMs
    while (!ending.signal.aborted) {
      try {
        const { faulty } = await pollOnce(options, trials, ending.signal)
        options.onState({ state: 'up', detail: faulty > 0 ? `${faulty} messages cannot be taken in` : '' })
        pause = pollMs
      } catch (error) {
        options.onState({ state: 'down', detail: error instanceof Error ? error.message : String(error) })
        pause = Math.min(pause * 2, MAX_PAUSE_MS)
      }
      await wait(pause, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** Messages that we fail on: how often so far, and when (real ms) to try again. */
export type Trials = Map<string, { failed: number; notBefore: number }>

/**
 * One round: each message is fetched, read, taken in, and only then acknowledged, so that none is lost; what came before is
 * acknowledged again. Throws when gateway or database are away. One message that we cannot take in does not hold up the rest.
 */
export async function pollOnce(
  options: Pick<ExchangePollOptions, 'db' | 'files' | 'gateway' | 'limits' | 'log'>,
  trials: Trials = new Map(),
  signal?: AbortSignal,
): Promise<{ taken: number; refused: number; faulty: number }> {
  const counts = { taken: 0, refused: 0, faulty: 0 }
  for (const entry of await options.gateway.listReceived({ limit: BATCH })) {
    if (signal?.aborted) break
    const trial = trials.get(entry.docId)
    if (trial && trial.notBefore > Date.now()) {
      counts.faulty += 1
      continue
    }
    try {
      const fate = await takeIn(options, entry)
      trials.delete(entry.docId)
      counts[fate] += 1
    } catch (error) {
      if (error instanceof ExchangeUnavailable || isUnavailable(error)) throw error
      const failed = (trial?.failed ?? 0) + 1
      trials.set(entry.docId, { failed, notBefore: Date.now() + Math.min(1_000 * 2 ** failed, MAX_PAUSE_MS) })
      counts.faulty += 1
      options.log.error({ err: error, docId: entry.docId, failed }, 'a message could not be taken in')
      if (failed === FAULTY_TRIES) await recordFault(options, entry, error)
    }
  }
  return counts
}

async function takeIn(
  { db, files, gateway, limits, log }: Pick<ExchangePollOptions, 'db' | 'files' | 'gateway' | 'limits' | 'log'>,
  entry: ReceivedMessage,
): Promise<'taken' | 'refused'> {
  const raw = await gateway.download(entry.docId)
  const transport: Transport = { transportId: entry.docId, raw }
  let message: EdxmlMessage
  try {
    message = (await readEdxml(raw, limits)).message
  } catch (error) {
    if (!(error instanceof EdxmlRefusal)) throw error
    log.warn({ docId: entry.docId, from: entry.from, code: error.code, reason: error.en }, 'a message was refused')
    // The transport is told; whether the sender hears of it as a business status is for a clerk to decide.
    await refuseArrival(
      db,
      files,
      {
        messageType: entry.messageType,
        peer: entry.from,
        exchangeDocumentId: entry.documentId,
        error: error.vi,
        code: error.code,
        state: 'refused',
      },
      transport,
    )
    await gateway.acknowledge(entry.docId, 'fail')
    return 'refused'
  }
  if (message.kind === 'status') {
    await receiveStatus(
      db,
      files,
      {
        from: message.from.organId,
        exchangeDocumentId: message.responseFor.documentId,
        statusCode: message.statusCode,
        description: message.description,
      },
      transport,
    )
  } else {
    await receiveArrival(db, files, await arrivalOf(message), transport)
  }
  await gateway.acknowledge(entry.docId, 'done')
  return 'taken'
}

async function arrivalOf(message: DocumentMessage): Promise<Arrival> {
  return {
    from: { organId: message.from.organId, name: message.from.organName },
    exchangeDocumentId: message.documentId,
    number: message.code.number,
    notation: message.code.notation,
    // `Type` means different things to different senders; the name does not.
    kindName: documentTypeByName(message.documentType.typeName)?.name ?? message.documentType.typeName,
    subject: message.subject,
    issuedOn: message.promulgation.date,
    signer: {
      name: message.signer.fullName,
      position: message.signer.position,
      competence: message.signer.competence,
    },
    dueOn: message.dueDate,
    priority: message.otherInfo.priority,
    pageCount: message.otherInfo.pageAmount,
    copies: message.otherInfo.promulgationAmount,
    recipients: message.toPlaces,
    bussinessDocType: message.bussiness.bussinessDocType,
    files: await Promise.all(
      message.attachments.map(async ({ name, content }) => ({
        name,
        mediaType: (await fileTypeFromBuffer(content))?.mime ?? 'application/octet-stream',
        content,
      })),
    ),
  }
}

/** Not the message is wrong but we are: kept, put on record, not acknowledged, and tried again from time to time. */
async function recordFault(
  { db, files, gateway }: Pick<ExchangePollOptions, 'db' | 'files' | 'gateway'>,
  entry: ReceivedMessage,
  error: unknown,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  const raw = error instanceof ExchangeRefused ? new Uint8Array() : await gateway.download(entry.docId)
  await refuseArrival(
    db,
    files,
    {
      messageType: entry.messageType,
      peer: entry.from,
      exchangeDocumentId: entry.documentId,
      error: message.slice(0, 1_000),
      code: 'not-taken-in',
      state: 'failed',
    },
    { transportId: entry.docId, raw },
  )
}

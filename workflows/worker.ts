import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { makeJourney } from '#db/clock-travel.ts'
import { openDatabase, type Database } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { createGatewayClient } from '#exchange/client.ts'
import { startCarrier } from './carrier.ts'
import { startCaseMover } from './case-mover.ts'
import { readWorkerEnvironment, type WorkerEnvironment } from './environment.ts'
import { startCertificateLetters } from './certificate-letters.ts'
import { startExchangePoll } from './exchange-poll.ts'
import { startHeartbeats } from './heartbeat.ts'
import type { Outside } from './outside.ts'
import { createLog, type Logger } from './log.ts'
import { askedToEnd, sayReady } from './process-life.ts'
import { startStoreSweep } from './store-sweep.ts'
import { startTemporalPart } from './temporal-part.ts'
import { startVerifier } from './verify-files.ts'
import type { WorkLoop } from './work-loop.ts'

const TRAVEL_POLL_MS = 500
const LOOP_RETRY_MS = 1_000

export interface RunningWorker {
  stop(): Promise<void>
}

/** Starts everything that keeps time and talks to the outside. Works with whatever is there; the rest joins when it comes. */
export function startWorker(
  environment: WorkerEnvironment,
  options: {
    taskQueue?: string
    scheduleId?: string
    pollMs?: number
    log?: Logger
    services?: Outside['services']
  } = {},
): RunningWorker {
  const db = openDatabase(environment.databaseUrl, { max: 12, applicationName: 'imoit-worker' })
  const { exchange } = environment
  const log = options.log ?? createLog('worker')
  const gateway = exchange
    ? createGatewayClient({
        baseUrl: exchange.url,
        systemId: exchange.systemId,
        secret: exchange.secret,
        organCode: environment.organ.id,
      })
    : null
  const outside: Outside = {
    db,
    files: createFileStore(environment.filesFolder),
    gateway,
    smtp: environment.smtp,
    ...(options.services ? { services: options.services } : {}),
    environment,
  }

  const heartbeats = startHeartbeats(db, log, {
    worker: { state: 'up', detail: `PID ${process.pid}` },
    temporal: { state: 'starting', detail: '' },
    exchange: gateway ? { state: 'down', detail: 'starting' } : { state: 'off', detail: 'not configured' },
  })
  const temporal = startTemporalPart({
    ...outside,
    ...options,
    log,
    namespace: environment.namespace,
    address: async () => environment.temporalAddress ?? (await announcedAddress(db)),
    onState: (state) => heartbeats.set('temporal', state),
  })
  const ending = new AbortController()
  const warning = (what: string) => (error: unknown) => {
    if (!ending.signal.aborted) log.warn({ err: error }, what)
  }
  const carrierError = warning('a round between cases was interrupted and is made again')
  const poll = gateway
    ? startExchangePoll({
        ...outside,
        gateway,
        log,
        pollMs: options.pollMs,
        onState: (state) => heartbeats.set('exchange', state),
      })
    : null
  const carrier = keepLoop(() => startCarrier({ db, onError: carrierError }), carrierError)
  const verifier = keepLoop(
    () => startVerifier({ db, files: outside.files, log }),
    warning('files could not be checked yet'),
  )
  const certificateLetters = startCertificateLetters(outside, log)
  const mover = startCaseMover({
    db,
    onError: (error) => log.warn({ err: error }, 'moving cases was interrupted and goes on'),
  })
  const travels = startTravels(db, log, temporal.handOver)
  const sweep = startStoreSweep(db, outside.files, log)

  return {
    async stop() {
      ending.abort()
      const loops = [poll, carrier, verifier, certificateLetters, mover, travels, sweep]
      await Promise.all([temporal.stop(), ...loops.map((loop) => loop?.stop())])
      await heartbeats.stop()
      await db.close()
    },
  }
}

/** Where Temporal is, when it came up after us: `temporal:address` in the settings. */
async function announcedAddress(db: Database): Promise<string | null> {
  const [row] = await db.sql<{ value: unknown }[]>`select value from settings where key = 'temporal:address'`
  return typeof row?.value === 'string' ? row.value : null
}

/** Begins a loop as soon as the database is there, and keeps it from then on. */
function keepLoop(start: () => Promise<WorkLoop>, onError: (error: unknown) => void): WorkLoop {
  const ending = new AbortController()
  const begin = async () => {
    while (!ending.signal.aborted) {
      try {
        return await start()
      } catch (error) {
        onError(error)
        await wait(LOOP_RETRY_MS, undefined, { signal: ending.signal }).catch(() => undefined)
      }
    }
    return null
  }
  const begun = begin()
  return {
    async stop() {
      ending.abort()
      await (await begun)?.stop()
    },
  }
}

/** Makes the journeys in time that an administrator of the demonstration asks for. */
function startTravels(db: Database, log: Logger, handOver: (work: { caseId: string }[]) => Promise<void>) {
  const ending = new AbortController()
  const loop = async () => {
    while (!ending.signal.aborted) {
      // What cannot be handed over now is handed over again: the journey waits for it.
      const patient = (work: { caseId: string }[]) =>
        handOver(work).catch((error: unknown) => log.warn({ err: error }, 'work could not be handed over on a journey'))
      await makeJourney(db, { handOver: patient, signal: ending.signal }).catch((error: unknown) => {
        if (!ending.signal.aborted) log.error({ err: error }, 'a journey was interrupted and goes on later')
      })
      await wait(TRAVEL_POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  }
  const running = process.env.NODE_ENV === 'production' ? Promise.resolve() : loop()
  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const worker = startWorker(readWorkerEnvironment())
  const asked = askedToEnd()
  sayReady(null)
  process.send?.({ ready: true })
  await asked
  await worker.stop()
  process.exit(0)
}

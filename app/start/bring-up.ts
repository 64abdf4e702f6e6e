import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { authorityFolder, openDemonstrationAuthority } from '#app/demonstration/certificates.ts'
import { seedDemonstration } from '#app/demonstration/seed.ts'
import { openDatabase } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { migrate } from '#db/migrate.ts'
import { arrivalMessage } from './demonstration-letter.ts'
import { keptValue } from './kept-value.ts'
import { checkDatabase, checkPorts, keepPart, NAMES, projectRoot, READY, startPart, withoutPassword } from './parts.ts'
import { freePort, isPortFree } from './ports.ts'
import { startPostgres } from './postgres.ts'
import type { Sentence, Voice } from './say.ts'
import type { Settings } from './settings.ts'
import { startTemporal, takeDownLeftoverTemporal, type RunningTemporal } from './temporal.ts'
import { build, needsBuild } from './web-build.ts'

export interface BringUp {
  settings: Settings
  voice: Voice
  /** Takes how to end each part, in the order they came up. */
  keep: (close: () => Promise<void>) => void
  /** Aborted when the start is given up: nothing new is begun. */
  signal: AbortSignal
  /** Called once people can sign in, which is before Temporal has to be there. */
  open: () => void
}

/** Brings the parts up in their order, one line each. Throws StartError for the first that does not come up. */
export async function bringUp({ settings, voice, keep, signal, open }: BringUp): Promise<void> {
  await checkPorts(settings)
  const env = await environmentOfParts(settings)
  const temporal = bringUpTemporal(settings, voice, env, signal)
  // It is awaited at its place below; until then its failure is nobody's unhandled one.
  temporal.catch(() => {})
  keep(() =>
    temporal.then(
      (it) => it.close(),
      () => undefined,
    ),
  )

  // Both need the machine's time, and neither the other.
  const [databaseUrl] = await Promise.all([bringUpDatabase(settings, voice, keep), buildWhenNeeded(settings, voice)])
  env.DATABASE_URL = databaseUrl
  signal.throwIfAborted()
  await migrate(databaseUrl)
  voice.part(NAMES.migrations, READY)
  if (settings.demonstration) {
    await seed(databaseUrl, settings, voice)
    keep(await bringUpAuthority(databaseUrl, settings, voice))
  }

  const child = async (name: 'inbox' | 'node' | 'web' | 'worker', detail: (port: number | null) => string) => {
    signal.throwIfAborted()
    const part = await startPart(name, env, settings, voice)
    keep(() => part.close())
    voice.part(NAMES[name], READY, detail(part.first.port))
  }
  await child('inbox', (port) => `127.0.0.1:${port ?? settings.smtpPort}`)
  if (settings.demonstration) {
    const secret = process.env.EXCHANGE_SECRET
      ? 'EXCHANGE_SECRET'
      : shown(path.join(settings.dataFolder, 'exchange-secret'))
    const access: Sentence = { vi: `hệ thống vpcp, khóa: ${secret}`, en: `system vpcp, secret: ${secret}` }
    await child('node', (port) => `http://127.0.0.1:${port ?? settings.nodePort}, ${access[settings.language]}`)
  }
  await child('web', (port) => `http://${settings.host}:${port ?? settings.port}`)
  // The worker waits for Temporal by itself, and polls the exchange meanwhile.
  await child('worker', () => '')

  // Usually Temporal is there by now and its line stands with the others; nobody waits for it to be built.
  const patience = new AbortController()
  await Promise.race([temporal, wait(5_000, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
  open()
  await temporal
}

/** Makes the demonstration ministry at the first start, before anybody else works on the database. */
async function seed(databaseUrl: string, settings: Settings, voice: Voice): Promise<void> {
  const db = openDatabase(databaseUrl, { max: 4, applicationName: 'imoit seed' })
  let told = 0
  const onProgress = (done: number, of: number) => {
    const quarter = Math.floor((4 * done) / of)
    if (quarter <= told || quarter >= 4) return
    told = quarter
    const share = `${quarter * 25} %`
    voice.part(NAMES.demonstration, { vi: `đang tạo, ${share}`, en: `being made, ${share}` })
  }
  try {
    const files = createFileStore(path.join(settings.dataFolder, 'files'))
    await seedDemonstration(db, files, { dataFolder: settings.dataFolder, messageOf: arrivalMessage, onProgress })
  } finally {
    await db.close()
  }
  voice.part(NAMES.demonstration, READY)
}

/** The demonstration's authority for certificates, on the same port at every start where that is free. Answers how to end it. */
async function bringUpAuthority(databaseUrl: string, settings: Settings, voice: Voice): Promise<() => Promise<void>> {
  const db = openDatabase(databaseUrl, { max: 2, applicationName: 'imoit authority' })
  try {
    const file = path.join(settings.dataFolder, 'test-authority-port')
    const kept = Number(await keptValue(file, async () => String(await freePort())))
    const port = (await isPortFree(kept)) ? kept : 0
    const opened = await openDemonstrationAuthority(db, authorityFolder(settings.dataFolder), port)
    voice.part(NAMES.authority, READY, new URL(opened.server.ocspUrl).origin)
    return () => opened.close()
  } finally {
    await db.close()
  }
}

/** What every process of ours is told. The addresses are fixed before the servers behind them are up. */
async function environmentOfParts(settings: Settings): Promise<NodeJS.ProcessEnv> {
  const { dataFolder, smtpPort, nodePort } = settings
  const kept = (name: string, make: () => string | Promise<string>) => keptValue(path.join(dataFolder, name), make)
  const temporal = settings.temporalAddress ?? `127.0.0.1:${await temporalPort(dataFolder)}`
  return {
    ...process.env,
    IMOIT_DATA: dataFolder,
    HOST: settings.host,
    PORT: String(settings.port),
    TEMPORAL_ADDRESS: temporal,
    SMTP_HOST: process.env.SMTP_HOST ?? '127.0.0.1',
    SMTP_PORT: String(smtpPort),
    NODE_PORT: String(nodePort),
    ...(settings.demonstration
      ? {
          EXCHANGE_SYSTEM_ID: 'imoit',
          EXCHANGE_URL: `http://127.0.0.1:${nodePort}`,
          EXCHANGE_SECRET:
            process.env.EXCHANGE_SECRET ?? (await kept('exchange-secret', () => randomBytes(32).toString('base64url'))),
        }
      : {}),
  }
}

/** The same at every start, as long as nobody else has taken it meanwhile. */
async function temporalPort(dataFolder: string): Promise<number> {
  await takeDownLeftoverTemporal(path.join(dataFolder, 'temporal'))
  const file = path.join(dataFolder, 'temporal-port')
  const kept = Number(await keptValue(file, async () => String(await freePort())))
  if (await isPortFree(kept)) return kept
  await rm(file)
  return temporalPort(dataFolder)
}

async function bringUpDatabase(settings: Settings, voice: Voice, keep: BringUp['keep']): Promise<string> {
  if (settings.databaseUrl !== null) {
    await checkDatabase(settings.databaseUrl)
    voice.part(NAMES.postgres, READY, `DATABASE_URL, ${withoutPassword(settings.databaseUrl)}`)
    return settings.databaseUrl
  }
  const folder = path.join(settings.dataFolder, 'postgres')
  const kept = await keepPart(NAMES.postgres, () => startPostgres({ folder }), voice)
  keep(() => kept.close())
  const where = kept.first.folder === folder ? shown(folder) : `${shown(folder)} → ${kept.first.folder}`
  const embedded: Sentence = { vi: 'nhúng', en: 'embedded' }
  voice.part(NAMES.postgres, READY, `${embedded[settings.language]}, ${where}`)
  return kept.first.url
}

async function buildWhenNeeded(settings: Settings, voice: Voice): Promise<void> {
  if (!needsBuild(projectRoot)) return
  voice.part(NAMES.build, { vi: 'đang dựng…', en: 'building…' })
  await build(projectRoot, path.join(settings.dataFolder, 'log', 'build.log'))
  voice.part(NAMES.build, READY)
}

const WAYS: Record<RunningTemporal['way'], Sentence> = {
  address: { vi: 'TEMPORAL_ADDRESS', en: 'TEMPORAL_ADDRESS' },
  path: { vi: 'có sẵn trong PATH', en: 'found on PATH' },
  cache: { vi: 'từ bộ nhớ đệm của dự án', en: "from the project's cache" },
  download: { vi: 'vừa tải về', en: 'downloaded' },
  go: { vi: 'vừa dựng bằng Go', en: 'built with Go' },
}

async function bringUpTemporal(
  settings: Settings,
  voice: Voice,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ close(): Promise<void> }> {
  const onProgress = (sentence: Sentence) => voice.part(NAMES.temporal, sentence)
  const ready = (way: RunningTemporal['way']) =>
    voice.part(NAMES.temporal, READY, `${WAYS[way][settings.language]}, ${env.TEMPORAL_ADDRESS}`)
  if (settings.temporalAddress !== null) {
    const given = await waitForGiven(settings.temporalAddress, voice, signal)
    ready(given.way)
    return given
  }
  const folder = path.join(settings.dataFolder, 'temporal')
  const port = Number(env.TEMPORAL_ADDRESS?.split(':')[1])
  const own = { ...process.env, TEMPORAL_ADDRESS: undefined }
  const kept = await keepPart(
    NAMES.temporal,
    () => startTemporal({ folder, port, env: own, onProgress, signal }),
    voice,
  )
  ready(kept.first.way)
  return kept
}

/** A Temporal of the ministry's own may be down for a while; people work on meanwhile. */
async function waitForGiven(address: string, voice: Voice, signal: AbortSignal): Promise<RunningTemporal> {
  for (let told = false; ; told = true) {
    signal.throwIfAborted()
    try {
      return await startTemporal({ folder: null, env: { ...process.env, TEMPORAL_ADDRESS: address }, patience: 5_000 })
    } catch (error) {
      if (signal.aborted) throw error
      if (!told) {
        voice.part(
          NAMES.temporal,
          {
            vi: 'chưa trả lời, đang chờ; các phần khác vẫn làm việc',
            en: 'does not answer yet, waiting; the other parts work on',
          },
          `TEMPORAL_ADDRESS, ${address}`,
        )
      }
    }
  }
}

function shown(folder: string): string {
  const relative = path.relative(process.cwd(), folder)
  return relative.startsWith('..') ? folder : relative
}

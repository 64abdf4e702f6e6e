import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { cacheFolder } from './cache.ts'
import type { Sentence } from './say.ts'
import { StartError } from './start-error.ts'

export interface TemporalBinary {
  path: string
  way: 'path' | 'cache' | 'download' | 'go'
}

export interface FindOptions {
  env?: NodeJS.ProcessEnv
  onProgress?: (sentence: Sentence) => void
  signal?: AbortSignal
}

/** The newest that `go install` can build: later ones carry `replace` lines in their go.mod. */
const BUILDABLE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'
/** Where the Temporal SDKs fetch their development server from. */
const DOWNLOADS = 'https://temporal.download/cli/default'
/** A closed network often swallows packets instead of refusing them; this is what we wait for the first word (ms). */
const FIRST_WORD = 5_000
const DOWNLOAD_LIMIT = 300_000

const fileName = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

/**
 * A program that can be a Temporal development server: on PATH, in the project's cache, downloaded into it or built into
 * it, whichever is first. Throws StartError `temporal-missing` naming what to install.
 */
export async function findTemporal({
  env = process.env,
  onProgress = () => {},
  signal,
}: FindOptions = {}): Promise<TemporalBinary> {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, fileName)
    if (folder !== '' && works(candidate)) return { path: candidate, way: 'path' }
  }
  const target = path.join(cacheFolder(env), 'bin', fileName)
  if (works(target)) return { path: target, way: 'cache' }

  await mkdir(path.dirname(target), { recursive: true })
  const part = await mkdtemp(path.join(path.dirname(target), 'part-'))
  try {
    const fetched = await download(part, onProgress, signal)
    if (fetched === null) {
      await rename(path.join(part, fileName), target)
      return { path: target, way: 'download' }
    }
    const built = await build(part, env, onProgress, signal)
    if (built === null) {
      await rename(path.join(part, fileName), target)
      return { path: target, way: 'go' }
    }
    throw new StartError(
      'temporal-missing',
      {
        vi: `Không có máy chủ Temporal: không có "temporal" trong PATH và trong ${path.dirname(target)}, không tải được (${fetched}), không dựng được bằng Go (${built}). Hãy cài Temporal CLI hoặc Go, hoặc đặt TEMPORAL_ADDRESS.`,
        en: `There is no Temporal server: no "temporal" on PATH or in ${path.dirname(target)}, the download failed (${fetched}), building with Go failed (${built}). Install the Temporal CLI or Go, or set TEMPORAL_ADDRESS.`,
      },
      new Error(`${fetched}; ${built}`),
    )
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

function works(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    return false
  }
  return spawnSync(file, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0
}

/** Null when the program lies in `folder` afterwards, else why not. */
async function download(
  folder: string,
  onProgress: (sentence: Sentence) => void,
  stop = new AbortController().signal,
): Promise<string | null> {
  try {
    const arch = process.arch === 'x64' ? 'amd64' : process.arch
    const platform = process.platform === 'win32' ? 'windows' : process.platform
    const query = new URLSearchParams({ arch, platform, format: 'tar.gz' })
    const answer = await fetch(`${DOWNLOADS}?${query}`, {
      signal: AbortSignal.any([stop, AbortSignal.timeout(FIRST_WORD)]),
    })
    if (!answer.ok) return `HTTP ${answer.status}`
    const { archiveUrl, fileToExtract } = (await answer.json()) as { archiveUrl: string; fileToExtract: string }

    onProgress({ vi: 'đang tải máy chủ Temporal', en: 'downloading the Temporal server' })
    const archive = await fetch(archiveUrl, { signal: AbortSignal.any([stop, AbortSignal.timeout(DOWNLOAD_LIMIT)]) })
    if (!archive.ok) return `HTTP ${archive.status}`
    const packed = path.join(folder, 'temporal.tar.gz')
    await writeFile(packed, Buffer.from(await archive.arrayBuffer()))
    const unpacked = spawnSync('tar', ['-xzf', packed, '-C', folder, fileToExtract])
    if (unpacked.status !== 0) return 'tar'
    const program = path.join(folder, fileToExtract)
    if (program !== path.join(folder, fileName)) await rename(program, path.join(folder, fileName))
    await chmod(path.join(folder, fileName), 0o755)
    return works(path.join(folder, fileName)) ? null : 'the downloaded program does not run'
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? cause.message : String(cause)
  }
}

/** Null when the program lies in `folder` afterwards, else why not. Minutes, the first time. */
async function build(
  folder: string,
  env: NodeJS.ProcessEnv,
  onProgress: (sentence: Sentence) => void,
  signal?: AbortSignal,
): Promise<string | null> {
  if (spawnSync('go', ['version'], { env, stdio: 'ignore' }).status !== 0) return 'no "go" on PATH'
  onProgress({
    vi: 'đang dựng máy chủ Temporal bằng Go, lần đầu mất vài phút',
    en: 'building the Temporal server with Go, a few minutes the first time',
  })
  const go = spawn('go', ['install', BUILDABLE], {
    env: { ...env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  const since = Date.now()
  let fetched = 0
  let lastWord = ''
  createInterface({ input: go.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading')) fetched += 1
    else lastWord = line
  })
  const ticker = setInterval(() => {
    const seconds = Math.round((Date.now() - since) / 1000)
    onProgress({
      vi: `vẫn đang dựng máy chủ Temporal: ${seconds} giây, đã tải ${fetched} gói`,
      en: `still building the Temporal server: ${seconds} s, ${fetched} modules fetched`,
    })
  }, 15_000)
  const code = await new Promise<number | null>((resolve) => {
    go.once('error', () => resolve(null))
    go.once('close', resolve)
  })
  clearInterval(ticker)
  if (code !== 0) return lastWord || `go install ended with ${code}`
  return works(path.join(folder, fileName)) ? null : 'the built program does not run'
}

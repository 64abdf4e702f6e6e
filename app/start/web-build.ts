import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { StartError } from './start-error.ts'

/** What goes into the build, from the project's root. */
const SOURCES = ['app', 'bpmn', 'db', 'workflows', 'exchange', 'mail', 'signing', 'package-lock.json', 'vite.config.ts']
/** In there, but run as they are. */
const NOT_BUILT = ['app/start', 'app/start.ts', 'app/cli', 'app/server.ts']
const RESULT = 'build/server/index.js'

/** Whether the application has to be built: never was, or its sources are newer. */
export function needsBuild(root: string): boolean {
  const built = path.join(root, RESULT)
  if (!existsSync(built)) return true
  const builtAt = statSync(built).mtimeMs
  return SOURCES.some((source) => changedSince(root, source, builtAt))
}

/** `npm run build`, with its words in `logFile`. Throws StartError `build-failed`. */
export async function build(root: string, logFile: string): Promise<void> {
  await mkdir(path.dirname(logFile), { recursive: true })
  const log = await open(logFile, 'w')
  const npm = spawn('npm', ['run', 'build'], {
    cwd: root,
    stdio: ['ignore', log.fd, log.fd],
    shell: process.platform === 'win32',
    // whoever asks for it: tests do, too
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  })
  const code = await new Promise<number | null>((resolve) => {
    npm.once('error', () => resolve(null))
    npm.once('close', resolve)
  })
  await log.close()
  if (code === 0) return
  throw new StartError('build-failed', {
    vi: `Không dựng được ứng dụng web; xem ${logFile}.`,
    en: `The web application could not be built; see ${logFile}.`,
  })
}

function changedSince(root: string, entry: string, since: number): boolean {
  const place = path.join(root, entry)
  if (!existsSync(place) || NOT_BUILT.includes(entry)) return false
  const found = statSync(place)
  if (!found.isDirectory()) return !/\.test\.tsx?$/.test(entry) && found.mtimeMs > since
  return readdirSync(place).some((name) => changedSince(root, path.posix.join(entry, name), since))
}

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import { startChild, type RunningChild } from './child.ts'
import { keepUp, type KeptUp, type Running } from './keep-up.ts'
import { isPortFree } from './ports.ts'
import type { Sentence, Voice } from './say.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export const NAMES = {
  postgres: { vi: 'PostgreSQL', en: 'PostgreSQL' },
  migrations: { vi: 'Cấu trúc dữ liệu', en: 'Schema' },
  demonstration: { vi: 'Bộ minh họa', en: 'Demonstration ministry' },
  authority: { vi: 'Cơ quan chứng thực thử', en: 'Test authority' },
  build: { vi: 'Dựng ứng dụng web', en: 'Web build' },
  temporal: { vi: 'Temporal', en: 'Temporal' },
  inbox: { vi: 'Hộp thư đến (SMTP)', en: 'Mail inbox (SMTP)' },
  node: { vi: 'Trục VPCP minh họa', en: 'Government Office node' },
  worker: { vi: 'Bộ thực thi', en: 'Worker' },
  web: { vi: 'Ứng dụng web', en: 'Web application' },
} satisfies Record<string, Sentence>

export const READY: Sentence = { vi: 'sẵn sàng', en: 'ready' }

/** Processes of our own: the file each runs. */
const FILES = {
  inbox: 'workflows/mail-inbox.ts',
  node: 'app/government-node.ts',
  worker: 'workflows/worker.ts',
  web: 'app/server.ts',
}
export type ChildName = keyof typeof FILES

/** Starts one of our processes and keeps it up; says when it died and came back. */
export function startPart(
  name: ChildName,
  env: NodeJS.ProcessEnv,
  settings: Settings,
  voice: Voice,
): Promise<KeptUp<RunningChild>> {
  const start = () =>
    startChild({
      part: NAMES[name][settings.language],
      file: path.join(projectRoot, FILES[name]),
      env,
      logFile: path.join(settings.dataFolder, 'log', `${name}.log`),
    })
  return keepPart(NAMES[name], start, voice)
}

/** Keeps any part up that ends by itself, and says so. */
export function keepPart<T extends Running>(name: Sentence, start: () => Promise<T>, voice: Voice): Promise<KeptUp<T>> {
  const inSeconds = (ms: number) => (ms / 1000).toFixed(1)
  return keepUp(start, {
    died: (ms) =>
      voice.part(name, {
        vi: `dừng ngoài dự kiến, khởi động lại sau ${inSeconds(ms)} giây`,
        en: `ended unexpectedly, starting again in ${inSeconds(ms)} s`,
      }),
    back: () => voice.part(name, { vi: 'hoạt động trở lại', en: 'back again' }),
    failed: (error, ms) => {
      if (error instanceof StartError) voice.fail(error)
      voice.part(name, {
        vi: `chưa khởi động lại được, thử lại sau ${inSeconds(ms)} giây`,
        en: `could not be started again, next try in ${inSeconds(ms)} s`,
      })
    },
  })
}

/** What a start that was killed has left takes this long (ms) to notice and to let go of its port. */
const LETTING_GO = 3_000

/** Throws StartError `port-in-use` for the first of our ports that somebody listens on and keeps. */
export async function checkPorts(settings: Settings): Promise<void> {
  const ports: [variable: string, port: number, host: string, name: Sentence][] = [
    ['PORT', settings.port, settings.host, NAMES.web],
    ['SMTP_PORT', settings.smtpPort, '127.0.0.1', NAMES.inbox],
  ]
  if (settings.demonstration) ports.push(['NODE_PORT', settings.nodePort, '127.0.0.1', NAMES.node])
  const deadline = performance.now() + LETTING_GO
  for (const [variable, port, host, name] of ports) {
    let free = await isPortFree(port, host)
    while (!free && performance.now() < deadline) {
      await wait(100)
      free = await isPortFree(port, host)
    }
    if (free) continue
    throw new StartError('port-in-use', {
      vi: `Cổng ${port} (${name.vi}) đang được chương trình khác dùng; hãy dừng chương trình đó, hoặc đặt ${variable} thành cổng khác.`,
      en: `Port ${port} (${name.en}) is in use by another program; stop that program, or set ${variable} to another port.`,
    })
  }
}

/** Throws StartError `database-unreachable`; the address is named without its password. */
export async function checkDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await sql`select 1`
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const shown = withoutPassword(url)
    throw new StartError(
      'database-unreachable',
      {
        vi: `Không kết nối được cơ sở dữ liệu ${shown} (DATABASE_URL): ${reason}. Hãy kiểm tra địa chỉ, mật khẩu và máy chủ đó.`,
        en: `The database ${shown} (DATABASE_URL) cannot be reached: ${reason}. Check the address, the password and that server.`,
      },
      cause,
    )
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '…'
  const shown = new URL(url)
  shown.password = ''
  shown.search = ''
  return shown.href
}

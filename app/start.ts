/**
 * `npm start`: the whole ministry on one machine. Brings up what is not given by the environment (DATABASE_URL,
 * TEMPORAL_ADDRESS), keeps it up, and on Ctrl-C or SIGTERM ends it in reverse order.
 */
import { demonstrationPassword } from '#app/demonstration-password.ts'
import { demonstrationPosts } from '#app/demonstration/people.ts'
import { bringUp } from './start/bring-up.ts'
import { lockData } from './start/lock.ts'
import { consoleLanguage, createVoice } from './start/say.ts'
import { readSettings, type Settings } from './start/settings.ts'
import { StartError } from './start/start-error.ts'

/** One of each kind of work, in the order a letter meets them. */
const SHOWN_LOGINS = ['vanthu', 'chanhvp', 'botruong', 'tmdt.truong', 'tmdt.cv', 'theodoi', 'quantri']

const voice = createVoice(consoleLanguage(), process.stdout, process.stderr)
const giveUp = new AbortController()
const closers: (() => Promise<void>)[] = []

let stopping: Promise<void> | undefined
const stop = (code: number) => {
  stopping ??= (async () => {
    giveUp.abort()
    if (code === 0) voice.say({ vi: '\nĐang dừng…', en: '\nStopping…' })
    // What is just coming up is let come up, so that it can be ended in order.
    await starting.catch(() => {})
    for (const close of closers.reverse()) {
      await close().catch((error: unknown) => {
        code = 1
        process.stderr.write(`${error instanceof StartError ? error[voice.language] : String(error)}\n`)
      })
    }
    if (code === 0)
      voice.say({ vi: 'Đã dừng. Dữ liệu được giữ cho lần sau.', en: 'Stopped. The data is kept for the next start.' })
    process.exit(code)
  })()
}
process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))
process.on('SIGHUP', () => stop(0))

async function start(): Promise<void> {
  const settings = readSettings(process.env)
  const unlock = await lockData(settings.dataFolder)
  process.once('exit', unlock)
  voice.say({ vi: 'iMOIT đang khởi động…', en: 'iMOIT is starting…' })
  await bringUp({
    settings,
    voice,
    signal: giveUp.signal,
    keep: (close) => void closers.push(close),
    open: () => welcome(settings),
  })
}

function welcome({ host, port, demonstration }: Settings): void {
  const address = `http://${host}:${port}`
  voice.say({ vi: `\niMOIT: ${address}`, en: `\niMOIT: ${address}` })
  if (demonstration) {
    voice.say({
      vi: `\nTài khoản minh họa (mật khẩu chung: ${demonstrationPassword}):`,
      en: `\nDemonstration accounts (password of all: ${demonstrationPassword}):`,
    })
    const posts = demonstrationPosts()
    for (const login of SHOWN_LOGINS) {
      const post = posts.find(({ username }) => username.toLowerCase() === login)
      if (post)
        voice.say({
          vi: `  ${post.username.padEnd(14)} ${post.title}`,
          en: `  ${post.username.padEnd(14)} ${post.titleEn}`,
        })
    }
  }
  voice.say({ vi: '\nCtrl-C để dừng.\n', en: '\nCtrl-C stops it.\n' })
}

const starting = start()
starting.catch((error: unknown) => {
  if (giveUp.signal.aborted) return
  if (error instanceof StartError) voice.fail(error)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  stop(1)
})

import type { StartError } from './start-error.ts'

export interface Sentence {
  vi: string
  en: string
}

/** The console speaks the language of the machine it stands on. */
export function consoleLanguage(env: NodeJS.ProcessEnv = process.env): 'vi' | 'en' {
  return /^vi/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'vi' : 'en'
}

/** What is said at the console while the parts come up: a line per part and news. */
export interface Voice {
  language: 'vi' | 'en'
  /** `  PostgreSQL         ready (embedded, .data/postgres)` */
  part(name: Sentence, state: Sentence, detail?: string): void
  say(sentence: Sentence): void
  /** The one sentence of a part that could not be brought up. */
  fail(error: StartError): void
}

export function createVoice(language: 'vi' | 'en', out: NodeJS.WritableStream, err: NodeJS.WritableStream): Voice {
  return {
    language,
    part(name, state, detail = '') {
      out.write(`  ${name[language].padEnd(26)} ${state[language]}${detail === '' ? '' : ` (${detail})`}\n`)
    },
    say(sentence) {
      out.write(`${sentence[language]}\n`)
    },
    fail(error) {
      err.write(`${error[language]}\n`)
    },
  }
}

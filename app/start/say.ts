import type { StartError } from './start-error.ts'

export interface Sentence {
  vi: string
  en: string
}

/** The console speaks the language of the machine it stands on. */
export function consoleLanguage(env: NodeJS.ProcessEnv = process.env): 'vi' | 'en' {
  return /^vi/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'vi' : 'en'
}

/** One line per part: its name, its state, and what to know about it in brackets. */
export function partLine(part: string, state: string, detail = ''): string {
  return `  ${part.padEnd(18)} ${state}${detail === '' ? '' : ` (${detail})`}`
}

/** The sentence of an error in the console's language. */
export function sentenceOf(error: StartError, language: 'vi' | 'en'): string {
  return error[language]
}

import { pino, type Logger } from 'pino'

export type { Logger }

/** The log of a process: one JSON line an event, on its standard output. */
export function createLog(part: string, level = process.env.LOG_LEVEL ?? 'info'): Logger {
  return pino({ base: { part }, level })
}

import path from 'node:path'
import { consoleLanguage } from './say.ts'
import { StartError } from './start-error.ts'

/** What the environment says about this start. */
export interface Settings {
  /** Absolute. */
  dataFolder: string
  host: string
  /** Of the web application. */
  port: number
  /** Of the inbox server. */
  smtpPort: number
  /** Of the loopback Government Office node. */
  nodePort: number
  /** A database of the ministry's own; without it one is started. */
  databaseUrl: string | null
  /** A Temporal of the ministry's own; without it one is started. */
  temporalAddress: string | null
  /** With the demonstration ministry, its logins and the Government Office node. */
  demonstration: boolean
  language: 'vi' | 'en'
}

/** Throws StartError `setting-wrong` naming the variable. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    dataFolder: path.resolve(env.IMOIT_DATA || '.data'),
    host: env.HOST || '127.0.0.1',
    port: portOf(env, 'PORT', 3000),
    smtpPort: portOf(env, 'SMTP_PORT', 1025),
    nodePort: portOf(env, 'NODE_PORT', 3900),
    databaseUrl: env.DATABASE_URL || null,
    temporalAddress: env.TEMPORAL_ADDRESS || null,
    demonstration: env.NODE_ENV !== 'production',
    language: consoleLanguage(env),
  }
}

function portOf(env: NodeJS.ProcessEnv, name: string, standard: number): number {
  const given = env[name]
  if (!given) return standard
  const port = Number(given)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new StartError('setting-wrong', {
    vi: `${name}=${given} không phải là số cổng; hãy đặt một số từ 1 đến 65535.`,
    en: `${name}=${given} is no port; set a number from 1 to 65535.`,
  })
}

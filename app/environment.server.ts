import { z } from 'zod'

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  TEMPORAL_ADDRESS: z.string().optional(),
  IMOIT_DATA: z.string().min(1).default('.data'),
  /** The address people type when a proxy stands in front, `https://imoit.example`. */
  PUBLIC_URL: z.url().optional(),
  /** What Express calls `trust proxy`: addresses whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.string().optional(),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** What the web application was told about its surroundings, checked once. */
export interface Environment {
  production: boolean
  development: boolean
  databaseUrl: string
  host: string
  port: number
  temporalAddress: string | undefined
  dataFolder: string
  /** Origin people's browsers see, when it is not the one of the request. */
  publicOrigin: string | undefined
  trustedProxies: string | undefined
  logLevel: string
}

/** Throws an Error naming each variable that is missing or wrong. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment of the web application is not right: ${faults.join('; ')}`)
  }
  const values = parsed.data
  return {
    production: values.NODE_ENV === 'production',
    development: values.NODE_ENV === 'development',
    databaseUrl: values.DATABASE_URL,
    host: values.HOST,
    port: values.PORT,
    temporalAddress: values.TEMPORAL_ADDRESS,
    dataFolder: values.IMOIT_DATA,
    publicOrigin: values.PUBLIC_URL ? new URL(values.PUBLIC_URL).origin : undefined,
    trustedProxies: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
  }
}

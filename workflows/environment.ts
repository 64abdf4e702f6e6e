import path from 'node:path'
import { z } from 'zod'
import { MINISTRY } from '#db/outgoing.ts'

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  IMOIT_DATA: z.string().min(1).default('.data'),
  SMTP_HOST: z.string().min(1).default('127.0.0.1'),
  SMTP_PORT: z.coerce.number().int().min(0).max(65535).default(1025),
  MAIL_DOMAIN: z.string().min(1).default('moit.example'),
  EXCHANGE_URL: z.url().optional(),
  EXCHANGE_SYSTEM_ID: z.string().optional(),
  EXCHANGE_SECRET: z.string().optional(),
  PUBLIC_URL: z.url().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
})

export interface WorkerEnvironment {
  databaseUrl: string
  /** host:port; null while nobody has said one (`temporal:address` in the settings may say it later). */
  temporalAddress: string | null
  namespace: string
  filesFolder: string
  smtp: { host: string; port: number }
  mailDomain: string
  /** Null: this ministry is not on the exchange. */
  exchange: { url: string; systemId: string; secret: string } | null
  /** What letters link to. */
  publicUrl: string
  organ: { id: string; name: string }
}

/** Throws an Error naming each variable that is missing or wrong. An empty one counts as absent. */
export function readWorkerEnvironment(env: NodeJS.ProcessEnv = process.env): WorkerEnvironment {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment of the worker is not right: ${faults.join('; ')}`)
  }
  const values = parsed.data
  const { EXCHANGE_URL: url, EXCHANGE_SYSTEM_ID: systemId, EXCHANGE_SECRET: secret } = values
  return {
    databaseUrl: values.DATABASE_URL,
    temporalAddress: values.TEMPORAL_ADDRESS ?? null,
    namespace: values.TEMPORAL_NAMESPACE,
    filesFolder: path.join(values.IMOIT_DATA, 'files'),
    smtp: { host: values.SMTP_HOST, port: values.SMTP_PORT },
    mailDomain: values.MAIL_DOMAIN,
    exchange: url && systemId && secret ? { url, systemId, secret } : null,
    publicUrl: (values.PUBLIC_URL ?? `http://127.0.0.1:${values.PORT}`).replace(/\/+$/, ''),
    organ: { id: MINISTRY.code, name: MINISTRY.name },
  }
}

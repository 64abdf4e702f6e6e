import { createHash } from 'node:crypto'

/** JSON with sorted keys: the same text before it goes into the database and after it comes out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const record = value as Record<string, unknown>
  const parts: string[] = []
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`)
  }
  return `{${parts.join(',')}}`
}

/** Hash (hex SHA-256) of an event that follows `previous`; the chain's first link follows the empty string. */
export function linkHash(previous: string, event: unknown): string {
  return createHash('sha256').update(previous).update('\n').update(canonicalJson(event)).digest('hex')
}

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A value made once and kept beside the data, readable by nobody else: a secret between our own parts, a port. */
export async function keptValue(file: string, make: () => string | Promise<string>): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  await mkdir(path.dirname(file), { recursive: true })
  const value = await make()
  await writeFile(file, `${value}\n`, { mode: 0o600 })
  return value
}

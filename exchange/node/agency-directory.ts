/** Who can be written to: the agencies of the connected systems, those of the directory, and those registered by call. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Agency } from '../gateway-protocol.ts'
import { shortOrganCode } from '../organ-codes.ts'
import { writeDurably } from './durable-file.ts'

export interface ExchangeSystem {
  systemId: string
  secret: string
  organCode: string
  name: string
}

const entrySchema = z.object({
  code: z.string(),
  name: z.string(),
  parent: z.string(),
  mail: z.string(),
  /** The system whose mailbox the agency's messages go to; null when nobody fetches them. */
  systemId: z.string().nullable(),
  locked: z.boolean(),
  updatedTime: z.string(),
})
export type DirectoryEntry = z.infer<typeof entrySchema>

export class AgencyDirectory {
  /** By short code, so that either form of a code finds it. */
  private readonly entries = new Map<string, DirectoryEntry>()
  private registered: DirectoryEntry[] = []

  private constructor(
    private readonly file: string,
    private readonly now: () => number,
  ) {}

  static async open(
    folder: string,
    systems: ExchangeSystem[],
    agencies: { code: string; name: string }[],
    now: () => number,
  ): Promise<AgencyDirectory> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const directory = new AgencyDirectory(join(folder, 'agencies.json'), now)
    const time = new Date(now()).toISOString()
    const given = (code: string, name: string, systemId: string | null) =>
      directory.keep({ code, name, parent: '', mail: '', systemId, locked: false, updatedTime: time })
    for (const agency of agencies) given(agency.code, agency.name, null)
    for (const system of systems) given(system.organCode, system.name, system.systemId)
    const saved = await readFile(directory.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]'
      throw error
    })
    directory.registered = z.array(entrySchema).parse(JSON.parse(saved))
    for (const entry of directory.registered) directory.keep(entry)
    return directory
  }

  find(code: string): DirectoryEntry | undefined {
    return this.entries.get(shortOrganCode(code.trim()))
  }

  /** Every agency that can be written to. */
  list(): Agency[] {
    return [...this.entries.values()]
      .filter((entry) => !entry.locked)
      .map((entry) => ({
        id: shortOrganCode(entry.code),
        pid: entry.parent,
        code: entry.code,
        name: entry.name,
        mail: entry.mail,
        updatedTime: entry.updatedTime,
      }))
  }

  /** Adds, renames or locks an agency for good. */
  async save(entry: Omit<DirectoryEntry, 'updatedTime'>): Promise<DirectoryEntry> {
    const saved = { ...entry, updatedTime: new Date(this.now()).toISOString() }
    const id = shortOrganCode(entry.code)
    this.registered = [...this.registered.filter((other) => shortOrganCode(other.code) !== id), saved]
    this.keep(saved)
    await writeDurably(this.file, JSON.stringify(this.registered, null, 2))
    return saved
  }

  private keep(entry: DirectoryEntry): void {
    this.entries.set(shortOrganCode(entry.code), entry)
  }
}

import type { Database } from './database.ts'
import type { FileStore } from './file-store.ts'

/** What nobody has named for so long nobody will name any more, ms: a form is filled and sent within it. */
const UNNAMED_FOR_MS = 24 * 3_600_000

/**
 * Removes content that no row of `files` names: of uploads that were refused, and of transactions that were rolled back. Rows come
 * after their content, so what is young is left alone; what is put again while this runs is young again.
 * @returns how many were removed
 */
export async function sweepFiles(
  db: Database,
  files: FileStore,
  { now = Date.now(), unnamedForMs = UNNAMED_FOR_MS }: { now?: number; unnamedForMs?: number } = {},
): Promise<number> {
  const before = now - unnamedForMs
  let removed = 0
  for await (const old of files.putBefore(before)) {
    const unnamed = await db.sql<{ sha256: string }[]>`
      select old.sha256 from unnest(${old}::text[]) as old(sha256) where not exists (select 1 from files f where f.sha256 = old.sha256)`
    for (const { sha256 } of unnamed) if (await files.remove(sha256, before)) removed += 1
  }
  return removed
}

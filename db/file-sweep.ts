import type { Database } from './database.ts'
import type { FileStore } from './file-store.ts'

/** What nobody has named for so long nobody will name any more, ms: a form is filled and sent within it. */
const UNNAMED_FOR_MS = 24 * 3_600_000

/**
 * Removes content that no row of `files` names, and no signature that is under way: of uploads that were refused, of transactions that
 * were rolled back, of signatures that are done. Rows come after their content, so what is young is left alone; what is put again while this runs is young again.
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
      select old.sha256 from unnest(${old}::text[]) as old(sha256) where not exists (select 1 from files f where f.sha256 = old.sha256)
        and not exists (select 1 from signatures s where s.prepared_sha256 = old.sha256 and s.state in ('prepared', 'signed', 'proven', 'ready'))
        and not exists (select 1 from signatures s where s.signed_sha256 = old.sha256 and s.state = 'ready')`
    for (const { sha256 } of unnamed) if (await files.remove(sha256, before)) removed += 1
  }
  return removed
}

import type { Database } from './database.ts'

const KEEP_MS = 2_000

/** What may change now and then and is asked for at every step: kept for two seconds. Null is an answer, too. */
export class KnownForMoments<T> {
  private readonly kept = new WeakMap<Database, Map<string, { value: T | null; readAt: number }>>()

  /** Undefined: it has to be read. */
  of(db: Database, key: string): T | null | undefined {
    const found = this.kept.get(db)?.get(key)
    return found && Date.now() - found.readAt < KEEP_MS ? found.value : undefined
  }

  keep(db: Database, key: string, value: T | null): void {
    let known = this.kept.get(db)
    if (!known) this.kept.set(db, (known = new Map()))
    known.set(key, { value, readAt: Date.now() })
  }

  forget(db: Database): void {
    this.kept.delete(db)
  }
}

import { linkHash } from './chain.ts'
import type { Database } from './database.ts'

/** Where a chain does not hold. */
export interface BrokenLink {
  /** The case whose chain it is; null for the chain of acts outside cases. */
  caseId: string | null
  /** The event that does not follow from the one before it. */
  seq: number
  /**
   * `changed`: what the event says is not what was chained. `missing`: no event where one was chained, or one too few at the
   * end. `unknown`: an event more than the case has counted.
   */
  fault: 'changed' | 'missing' | 'unknown'
}

export interface AuditCheck {
  cases: number
  caseEvents: number
  auditEvents: number
  /** The first broken link of each chain, the chain of acts outside cases last; at most `MAX_NAMED`. */
  broken: BrokenLink[]
  /** Chains with a broken link. */
  brokenChains: number
}

export interface AuditProgress {
  /** Events read so far. */
  read: number
}

const MAX_NAMED = 20
const BATCH = 500

interface ChainedEvent {
  seq: number
  at: number
  hash: string
}

/**
 * Recomputes every link of every case's chain, and of the chain of acts outside cases, in one snapshot of the database. Reads
 * in batches, so that its size does not matter to the memory.
 */
export async function checkAudit(
  db: Database,
  onProgress: (progress: AuditProgress) => Promise<void> | void = () => {},
): Promise<AuditCheck> {
  const check: AuditCheck = { cases: 0, caseEvents: 0, auditEvents: 0, broken: [], brokenChains: 0 }
  const broken = (link: BrokenLink) => {
    check.brokenChains += 1
    if (check.broken.length < MAX_NAMED) check.broken.push(link)
  }
  await db.sql.begin('isolation level repeatable read read only', async (sql) => {
    await checkCases(sql as unknown as Database['sql'], check, broken, onProgress)
    await checkActs(sql as unknown as Database['sql'], check, broken, onProgress)
  })
  return check
}

type Report = (link: BrokenLink) => void
type OnProgress = (progress: AuditProgress) => Promise<void> | void

/** Follows one chain; after its first broken link it only counts on. */
class ChainWalk {
  private previous = ''
  private expected = 1
  private isBroken = false

  constructor(
    readonly caseId: string | null,
    private readonly report: Report,
  ) {}

  take(event: ChainedEvent, chained: object): void {
    if (this.isBroken) return
    if (event.seq !== this.expected) this.break(this.expected, 'missing')
    else if (linkHash(this.previous, chained) !== event.hash) this.break(event.seq, 'changed')
    this.previous = event.hash
    this.expected += 1
  }

  /** `count` and `lastHash` as the case's own row has them. */
  end(count: number | null, lastHash: string | null): void {
    if (this.isBroken) return
    const last = this.expected - 1
    if (count === null) this.break(1, 'unknown')
    else if (count > last) this.break(this.expected, 'missing')
    else if (count < last) this.break(count + 1, 'unknown')
    else if (lastHash !== this.previous) this.break(last, 'changed')
  }

  private break(seq: number, fault: BrokenLink['fault']): void {
    this.isBroken = true
    this.report({ caseId: this.caseId, seq, fault })
  }
}

async function checkCases(sql: Database['sql'], check: AuditCheck, report: Report, onProgress: OnProgress) {
  interface Row extends ChainedEvent {
    caseId: string
    type: string
    personId: string | null
    postId: string | null
    data: unknown
    count: number | null
    lastHash: string | null
  }
  const batches = sql<Row[]>`
    select e.case_id as "caseId", e.seq, round(extract(epoch from e.at) * 1000)::float8 as at, e.type, e.person_id as "personId",
      e.post_id as "postId", e.data, e.hash, s.event_count as count, s.last_hash as "lastHash"
    from case_events e left join case_states s on s.case_id = e.case_id order by e.case_id, e.seq`.cursor(BATCH)
  const current: { walk?: ChainWalk; last?: Row } = {}
  const end = () => current.walk?.end(current.last?.count ?? null, current.last?.lastHash ?? null)
  for await (const rows of batches) {
    for (const row of rows) {
      if (current.walk?.caseId !== row.caseId) {
        end()
        current.walk = new ChainWalk(row.caseId, report)
        check.cases += 1
      }
      const { seq, at, type, personId, postId, data } = row
      current.walk.take(row, { seq, at, type, personId, postId, data })
      current.last = row
      check.caseEvents += 1
    }
    await onProgress({ read: check.caseEvents })
  }
  end()
  // A case whose events are all gone has no row above.
  const emptied = await sql<{ caseId: string }[]>`
    select s.case_id as "caseId" from case_states s
    where not exists (select 1 from case_events e where e.case_id = s.case_id) order by s.case_id`
  for (const { caseId } of emptied) {
    check.cases += 1
    report({ caseId, seq: 1, fault: 'missing' })
  }
}

async function checkActs(sql: Database['sql'], check: AuditCheck, report: Report, onProgress: OnProgress) {
  interface Row extends ChainedEvent {
    personId: string | null
    postId: string | null
    act: string
    data: unknown
  }
  const batches = sql<Row[]>`
    select seq::float8 as seq, round(extract(epoch from at) * 1000)::float8 as at, person_id as "personId", post_id as "postId", act, data, hash
    from audit_events order by seq`.cursor(BATCH)
  const walk = new ChainWalk(null, report)
  for await (const rows of batches) {
    for (const row of rows) {
      const { seq, at, personId, postId, act, data } = row
      walk.take(row, { seq, at, personId, postId, act, data })
      check.auditEvents += 1
    }
    await onProgress({ read: check.caseEvents + check.auditEvents })
  }
}

const KEY = 'audit:check'

/** The check made last, or the one that is being made. Real time, epoch ms. */
export type KeptAuditCheck = { startedAt: number } & (
  | ({ state: 'running'; heardAt: number } & AuditProgress)
  | ({ state: 'done'; endedAt: number } & AuditCheck)
  | { state: 'failed'; endedAt: number }
)

export async function keptAuditCheck(db: Database): Promise<KeptAuditCheck | null> {
  const [row] = await db.sql<{ value: KeptAuditCheck }[]>`select value from settings where key = ${KEY}`
  return row?.value ?? null
}

/** Begins a check. When this resolves everybody sees that one is being made; `finished` is what comes of it. */
export async function beginAuditCheck(db: Database): Promise<{ finished: Promise<AuditCheck> }> {
  const startedAt = Date.now()
  let heardAt = startedAt
  await keep(db, { startedAt, state: 'running', heardAt, read: 0 })
  const say = async ({ read }: AuditProgress) => {
    if (Date.now() - heardAt < 500) return
    heardAt = Date.now()
    await keep(db, { startedAt, state: 'running', heardAt, read })
  }
  const make = async () => {
    try {
      const check = await checkAudit(db, say)
      await keep(db, { startedAt, state: 'done', endedAt: Date.now(), ...check })
      return check
    } catch (error) {
      await keep(db, { startedAt, state: 'failed', endedAt: Date.now() })
      throw error
    }
  }
  return { finished: make() }
}

/** Checks, and keeps how far it is and what came of it for the administrators' page. */
export async function checkAndKeep(db: Database): Promise<AuditCheck> {
  return (await beginAuditCheck(db)).finished
}

async function keep(db: Database, check: KeptAuditCheck): Promise<void> {
  await db.sql`insert into settings (key, value) values (${KEY}, ${JSON.stringify(check)}::text::jsonb)
    on conflict (key) do update set value = excluded.value`
}

export async function countAuditEvents(
  db: Database,
): Promise<{ cases: number; caseEvents: number; auditEvents: number }> {
  const [row] = await db.sql<{ cases: number; caseEvents: number; auditEvents: number }[]>`
    select (select count(*)::int from cases) as cases, (select count(*)::int from case_events) as "caseEvents",
      (select count(*)::int from audit_events) as "auditEvents"`
  return row ?? { cases: 0, caseEvents: 0, auditEvents: 0 }
}

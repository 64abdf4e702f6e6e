import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'
import { wakeWorker } from './wake.ts'

export const outboxStates = ['waiting', 'failed', 'done'] as const
export type OutboxState = (typeof outboxStates)[number]

export interface OutboxCall {
  id: string
  caseId: string
  channel: 'mail' | 'exchange' | 'internal'
  serviceType: string
  state: 'open' | 'claimed' | 'done' | 'failed'
  attempts: number
  /** Epoch ms. */
  createdAt: number
  endedAt: number | null
  /** What the outside said last. */
  error: string | null
  /**
   * Refused for good and nobody's case waits for it, or parked: it is made again only when somebody says so. A failed call
   * that a case waited for is an incident of the case, and retried there.
   */
  canBeTriedAgain: boolean
}

export const CALLS_PER_PAGE = 40

/** What goes out, by where it stands: what waits oldest first, the others newest first. Pages count from 1. */
export async function outbox(
  db: Database,
  { state, channel, page = 1 }: { state: OutboxState; channel?: string; page?: number },
): Promise<{ calls: OutboxCall[]; total: number }> {
  const { sql } = db
  const states = state === 'waiting' ? ['open', 'claimed'] : [state]
  const asked = sql`k.state = any(${states}::text[]) and ${channel ? sql`k.channel = ${channel}` : sql`true`}`
  const parked = sql`exists (select 1 from incidents i where i.case_id = k.case_id and i.incident_id = 'step:call:' || k.id and i.resolved_at is null)`
  const [calls, [count]] = await Promise.all([
    sql<OutboxCall[]>`
      select k.id, k.case_id as "caseId", k.channel, k.service_type as "serviceType", k.state, k.attempts, k.error,
        floor(extract(epoch from k.created_at) * 1000)::float8 as "createdAt", floor(extract(epoch from k.ended_at) * 1000)::float8 as "endedAt",
        (k.state = 'failed' and k.token is null) or (k.state in ('open', 'claimed') and ${parked}) as "canBeTriedAgain"
      from calls k where ${asked} order by ${state === 'waiting' ? sql`k.seq` : sql`k.seq desc`}
      limit ${CALLS_PER_PAGE} offset ${(Math.max(1, page) - 1) * CALLS_PER_PAGE}`,
    sql<{ total: number }[]>`select count(*)::int as total from calls k where ${asked}`,
  ])
  return { calls: [...calls], total: count?.total ?? 0 }
}

/** Puts a call that was refused or parked back among the open ones, its incident with it. Throws Refusal `call-gone`. */
export async function tryCallAgain(db: Database, callId: string): Promise<{ caseId: string }> {
  const [again] = await db.sql<{ caseId: string }[]>`
    with resolved as (
      update incidents i set resolved_at = clock_timestamp() from calls k
      where k.id::text = ${callId} and i.case_id = k.case_id and i.resolved_at is null and i.incident_id in ('call:' || k.id, 'step:call:' || k.id)
      returning i.incident_id
    )
    update calls k set state = 'open', ended_at = null, handed_at = null, error = null,
      answer = case when k.state = 'failed' then null else k.answer end
    where k.id::text = ${callId}
      and ((k.state = 'failed' and k.token is null)
        or (k.state in ('open', 'claimed') and exists (select 1 from resolved where incident_id = 'step:call:' || k.id)))
    returning k.case_id as "caseId"`
  if (!again) {
    throw new Refusal('call-gone', 409, {
      vi: 'Lượt gửi này đã xong, đã được gửi lại, hoặc phải xử lý ở mục Sự cố; chưa có gì thay đổi. Danh sách bên dưới là mới nhất.',
      en: 'This has been sent, is being sent again, or is to be dealt with among the incidents; nothing was changed. The list below is up to date.',
    })
  }
  wakeWorker(db)
  return again
}

import type { Database } from './database.ts'

export const parts = ['worker', 'temporal', 'mail', 'exchange'] as const
export type Part = (typeof parts)[number]

/** How often a part speaks, ms. */
export const HEARTBEAT_MS = 5_000

export interface Heartbeat {
  /** Real time, epoch ms. */
  at: number
  state: 'up' | 'down' | 'starting' | 'off'
  detail: string
}

/** Says how a part is, for the health page. */
export async function writeHeartbeat(
  db: Database,
  part: Part,
  { state, detail = '' }: { state: Heartbeat['state']; detail?: string },
): Promise<void> {
  const value: Heartbeat = { at: Date.now(), state, detail: detail.slice(0, 500) }
  await db.sql`insert into settings (key, value) values (${`heartbeat:${part}`}, ${JSON.stringify(value)}::text::jsonb)
    on conflict (key) do update set value = excluded.value`
}

import type { Finding } from '#bpmn/finding.ts'
import type { FlowTrial } from '#db/flow-trials.ts'
import type { Sentence } from '#db/refusal.ts'
import { refusalIn } from '../refusal.ts'
import type { KeptTrial } from './trial.ts'

/** A request that the server refused, in its words. */
export class DraftRefused extends Error {
  override readonly name = 'DraftRefused'
  constructor(
    readonly code: string,
    readonly sentence: Sentence,
  ) {
    super(code)
  }
}

const away: Sentence = {
  vi: 'Chưa liên lạc được máy chủ. Phần vẽ vẫn ở trang này và sẽ được lưu khi có lại kết nối; chưa nên đóng trang.',
  en: 'The server cannot be reached. What you drew is still on this page and is saved once it is back; do not close the page yet.',
}

async function post<T>(address: string, body: unknown): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch (cause) {
    throw Object.assign(new DraftRefused('away', away), { cause })
  }
  const isJson = answer.headers.get('content-type')?.includes('json')
  const data: unknown = isJson ? await answer.json() : null
  const refusal = refusalIn(data)
  if (refusal) throw new DraftRefused(refusal.code, refusal.sentence)
  if (!answer.ok || !isJson) throw new DraftRefused(answer.redirected ? 'signed-out' : 'away', away)
  return data as T
}

export interface Saved {
  revision: number
  savedAt: number
  officeDoubts: Finding[]
}

/** Throws DraftRefused. */
export function sendDraft(
  draftId: string,
  save: { onto: number; xml: string; reason: 'drawn' | 'imported' | 'restored' | 'overwritten' },
): Promise<Saved> {
  return post<Saved>(`/flows/drafts/${draftId}/save`, save)
}

/** Throws DraftRefused. */
export function tellPresence<Presence>(address: string, windowId: string): Promise<Presence> {
  return post<Presence>(address, { windowId })
}

export function tellLeaving(address: string, windowId: string): void {
  const body = new Blob([JSON.stringify({ windowId, leaving: true })], { type: 'application/json' })
  navigator.sendBeacon(address, body)
}

/** The kept trials of a draft's flow. Throws DraftRefused. */
export async function fetchTrials(draftId: string): Promise<FlowTrial<KeptTrial>[]> {
  const answer = await fetch(`/flows/drafts/${draftId}/trials`)
  if (!answer.ok) throw new DraftRefused('away', away)
  return (await answer.json()) as FlowTrial<KeptTrial>[]
}

/** Keeps or drops a trial. @returns those there are. Throws DraftRefused. */
export function changeTrials(
  draftId: string,
  change: { intent: 'keep'; name: string; kept: KeptTrial } | { intent: 'drop'; name: string },
): Promise<FlowTrial<KeptTrial>[]> {
  return post<FlowTrial<KeptTrial>[]>(`/flows/drafts/${draftId}/trials`, change)
}

/** What a draft looked like. Throws DraftRefused. */
export async function fetchRevision(draftId: string, revision: number): Promise<string> {
  const answer = await fetch(`/flows/drafts/${draftId}/revisions/${revision}`)
  if (!answer.ok) throw new DraftRefused('away', away)
  return answer.text()
}

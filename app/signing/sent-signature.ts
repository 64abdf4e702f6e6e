import { z } from 'zod'
import type { Manner } from './sign-task.ts'

const place = z.object({
  page: z.coerce.number().int().min(0).max(9_999),
  x: z.coerce.number().min(-2_000).max(20_000),
  y: z.coerce.number().min(-2_000).max(20_000),
})
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/)

/** What a form carries beside its own fields for a signature. Taken out of it, so that no part that sends a form back has the PIN. */
export interface SentSignature {
  pin: string
  /** The person asks for their initial beside what the form says. */
  initial: boolean
  manner: Manner
}

export function takeSignature(sent: FormData): SentSignature {
  const take = (name: string) => {
    const value = sent.get(name)
    sent.delete(name)
    return typeof value === 'string' ? value : undefined
  }
  const pin = take('pin') ?? ''
  const chosen = fingerprint.safeParse(take('certificate'))
  const moved = place.safeParse({ page: take('placePage'), x: take('placeX'), y: take('placeY') })
  return {
    pin: pin.slice(0, 256),
    initial: take('initial') !== undefined,
    manner: { fingerprint: chosen.success ? chosen.data : null, place: moved.success ? moved.data : null },
  }
}

const tick = /^([0-9a-f-]{36}):([0-9a-f]{64})$/

/** What was ticked on a list: the tasks, each with the version that was shown. */
export function ticksIn(sent: FormData): { taskId: string; sha256: string }[] {
  return sent.getAll('tick').flatMap((value) => {
    const [, taskId, sha256] = typeof value === 'string' ? (tick.exec(value) ?? []) : []
    return taskId !== undefined && sha256 !== undefined ? [{ taskId, sha256 }] : []
  })
}

import type { Logger } from 'pino'
import {
  failUnsigned,
  holdSignature,
  signaturesOfList,
  type SignatureAct,
  type SignatureFault,
} from '#db/signatures.ts'
import { Refusal } from '#db/refusal.ts'
import { inWords, type SigningGround } from './ground.ts'
import type { OpenedKey } from './keys.ts'
import { finishAct, needsKey } from './sign-task.ts'
import { carryOn, faultOf, prepareAct, preparingOf, signAct } from './stages.ts'

/** Signed documents that are finished side by side: each waits for the time stamp's server and for its case. */
const SIDE_BY_SIDE = 3

/** Something is wrong with this server, not with a document: the rest waits. */
const MOST_IN_A_ROW = 3

const UNEXPECTED: SignatureFault = {
  code: 'unexpected',
  vi: 'Có lỗi ngoài dự kiến nên văn bản này chưa được ký; văn bản vẫn nguyên. Hãy ký tiếp, nếu vẫn lỗi hãy báo quản trị.',
  en: 'Something unexpected went wrong and this document was not signed; it is as it was. Go on signing, and if it recurs tell an administrator.',
}

/** What this process is at work on, by list. Nothing depends on it: the rows say where everything stands. */
const running = new Map<string, Promise<void>>()

/** Lists for which more was signed while they were at work: values that come from the signer's own machine one after another. */
const asked = new Set<string>()

export const isRunning = (listId: string): boolean => running.has(listId)

/** A key that is gone for all that is left: it is plugged in, or its PIN typed, again. */
const KEY_GONE = new Set([
  'token-removed',
  'token-failed',
  'token-missing',
  'pin-locked',
  'key-missing',
  'certificate-suspended',
])

interface Work {
  ground: SigningGround
  listId: string
  log: Logger
  /** Aborted when the server goes down: what is not signed by then waits. */
  closing: AbortSignal
}

/**
 * Signs what is left of a list with a key that is open, and finishes it; then closes the key. Goes on in the background: one
 * document's failure stops no other, a key that is gone leaves the rest waiting. The rows tell how far it is.
 */
export function signList(work: Work, opened: OpenedKey): void {
  start(work, async (finish) => {
    const { ground, listId, closing } = work
    let inARow = 0
    try {
      for (const act of await signaturesOfList(ground.db, listId)) {
        if (closing.aborted) return
        if (!needsKey(act)) continue
        const how = await signOne(work, act, opened)
        if (how === 'key-gone') return
        inARow = how === 'unexpected' ? inARow + 1 : 0
        if (inARow === MOST_IN_A_ROW) return
        if (how === 'signed') await finish(act.id)
      }
    } finally {
      opened.close()
    }
  })
}

/** Finishes what the key has signed, wherever it was broken off. Asks for no key; what is at work already looks once more. */
export function finishList(work: Work): void {
  if (isRunning(work.listId)) asked.add(work.listId)
  else start(work, () => Promise.resolve())
}

/** Finishes one document whose value has come from the signer's own machine. */
export async function finishOne({ ground, log }: Pick<Work, 'ground' | 'log'>, id: string): Promise<void> {
  try {
    await carryOn(ground, id)
    await finishAct(ground, id)
  } catch (error) {
    // What a person is told stands beside the act already.
    if (error instanceof Refusal) return
    log.error({ err: error, signature: id }, 'a signature could not be finished')
    await holdSignature(ground.db, id, UNEXPECTED)
  }
}

function start(work: Work, sign: (finish: (id: string) => Promise<void>) => Promise<void>): void {
  const { listId, log, ground } = work
  const before = running.get(listId)
  const run = async () => {
    await before
    const open = new Set<Promise<void>>()
    const finish = async (id: string) => {
      while (open.size >= SIDE_BY_SIDE) await Promise.race(open)
      const done: Promise<void> = finishOne(work, id).finally(() => open.delete(done))
      open.add(done)
    }
    const finishSigned = async () => {
      for (const act of await signaturesOfList(ground.db, listId))
        if (act.state === 'signed' || act.state === 'proven' || act.state === 'ready') await finish(act.id)
      await Promise.all(open)
    }
    // First what was signed before and broken off.
    await finishSigned()
    await sign(finish)
    await Promise.all(open)
    while (asked.delete(listId)) await finishSigned()
  }
  const now = run()
    .catch((error: unknown) => log.error({ err: error, list: listId }, 'a list of signatures was broken off'))
    .finally(() => {
      if (running.get(listId) === now) running.delete(listId)
    })
  running.set(listId, now)
}

async function signOne(
  { ground, log }: Work,
  act: SignatureAct,
  { key }: OpenedKey,
): Promise<'signed' | 'failed' | 'key-gone' | 'unexpected'> {
  try {
    // Prepared anew: what was prepared before a break claims an instant that is past.
    const prepared = await prepareAct(ground, act, await preparingOf(ground, act))
    await signAct(ground, act, prepared, key)
    return 'signed'
  } catch (error) {
    const told = inWords(error)
    if (!(told instanceof Refusal)) {
      log.error({ err: error, signature: act.id }, 'a document could not be signed')
      await holdSignature(ground.db, act.id, UNEXPECTED)
      return 'unexpected'
    }
    if (KEY_GONE.has(told.code)) {
      await holdSignature(ground.db, act.id, faultOf(told))
      return 'key-gone'
    }
    await failUnsigned(ground.db, act.id, faultOf(told))
    return 'failed'
  }
}

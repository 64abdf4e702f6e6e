import { z } from 'zod'
import { readClock } from '#db/clock.ts'
import { beginCopy } from '#db/begin-signature.ts'
import { listOfThese } from '#db/signing-lists.ts'
import type { Viewer } from '#db/visibility.ts'
import { inWords, type SigningGround } from './ground.ts'
import { finishAct, signTogether, type Manner } from './sign-task.ts'
import { certificateOf, signerFor } from './signer.ts'
import { carryOn } from './stages.ts'

/** What the form of a copy says. */
export const copySchema = z.object({ fileId: z.uuid(), role: z.enum(['copy', 'received']) })

/**
 * Puts the organisation's signature on a copy of a file (SAO Y), or on an incoming file with the number of its arrival; the file itself
 * stays as it is. Each stage is kept, as of every signature. Throws Refusal with a sentence.
 * @returns the list of one, where the key is on the signer's own machine
 */
export async function certifyCopy(
  ground: SigningGround,
  viewer: Viewer,
  copy: z.output<typeof copySchema> & { documentId: string },
  { pin, manner }: { pin: string; manner: Manner },
): Promise<{ listId: string | null }> {
  try {
    const { now } = await readClock(ground.db)
    const signer = await signerFor(ground.db, viewer, copy.role, { kindCode: null }, now)
    const { id: certificateId } = await certificateOf(ground.db, signer, manner.fingerprint)
    const act = await beginCopy(ground.db, viewer, { ...copy, certificateId })
    if (!(await signTogether(ground, [act], pin))) return { listId: await listOfThese(ground.db, viewer, [act]) }
    await carryOn(ground, act.id)
    await finishAct(ground, act.id)
    return { listId: null }
  } catch (error) {
    throw inWords(error)
  }
}

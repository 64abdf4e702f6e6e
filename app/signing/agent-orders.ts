import { failUnsigned, signaturesOfList, type SignatureAct } from '#db/signatures.ts'
import { Refusal } from '#db/refusal.ts'
import { MOST_ON_A_LIST } from '#db/signing-lists.ts'
import type { DocumentToSign } from '#signing/agent/protocol.ts'
import { readCertificate } from '#signing/certificates/certificate.ts'
import { orderOf } from '#signing/sign.ts'
import { inWords, type SigningGround } from './ground.ts'
import { needsKey } from './sign-task.ts'
import { acceptValue, faultOf, prepareAct, preparingOf } from './stages.ts'

/** What the signing program on the signer's machine is asked: digests, never documents. */
export interface AgentOrders {
  /** SHA-256 of the certificate, hexadecimal. */
  certificate: string
  documents: DocumentToSign[]
}

/** Prepares what is left of a list for the signer's own token. What cannot be prepared fails with its reason and stops nothing. */
export async function agentOrders(ground: SigningGround, listId: string): Promise<AgentOrders> {
  const documents: DocumentToSign[] = []
  let certificate = ''
  for (const act of await signaturesOfList(ground.db, listId)) {
    if (!needsKey(act)) continue
    // The signing program takes no more at once; what is left is asked for again.
    if (documents.length === MOST_ON_A_LIST) break
    try {
      const prepared = await prepareAct(ground, act, await preparingOf(ground, act))
      certificate ||= readCertificate(Buffer.from(prepared.certificate, 'base64')).fingerprint
      const { documentName, documentDigest, digestAlgorithm, toBeSigned } = orderOf(prepared, act.fileName)
      documents.push({
        id: act.id,
        name: documentName,
        documentDigest,
        digestAlgorithm,
        toBeSigned: Buffer.from(toBeSigned).toString('base64'),
      })
    } catch (error) {
      const told = inWords(error)
      if (!(told instanceof Refusal)) throw error
      await failUnsigned(ground.db, act.id, faultOf(told))
    }
  }
  return { certificate, documents }
}

export interface AgentValue {
  id: string
  /** base64 */
  value: string
}

/** Takes what the token signed, of acts on this list alone. Throws Refusal or SigningError for a value of another key. */
export async function acceptValues(
  ground: SigningGround,
  listId: string,
  values: readonly AgentValue[],
): Promise<void> {
  const acts = new Map<string, SignatureAct>((await signaturesOfList(ground.db, listId)).map((act) => [act.id, act]))
  for (const { id, value } of values) {
    const act = acts.get(id)
    if (act) await acceptValue(ground, act, value)
  }
}

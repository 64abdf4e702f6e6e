import type { Database } from '#db/database.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'
import type { SignatureRole } from '#db/signatures.ts'
import type { Viewer } from '#db/visibility.ts'
import { agentUrl } from './agent-address.ts'
import { offered, type OfferedCertificate } from './offer.server.ts'
import { competenceOf, signerFor } from './signer.ts'

/** With what the viewer signs their list. */
export interface ListOffer {
  certificates: OfferedCertificate[]
  competence: string | null
  refusal: Sentence | null
  agentUrl: string
}

/** The rights are of each kind of document and are asked again for each; this is what the page says beforehand. */
export async function readListOffer(
  db: Database,
  viewer: Viewer,
  now: number,
  role: SignatureRole = 'person',
): Promise<ListOffer> {
  const signer = await signerFor(db, viewer, role, { kindCode: null }, now).catch((error: unknown) => {
    if (error instanceof Refusal) return error
    throw error
  })
  if (signer instanceof Refusal) return { certificates: [], competence: null, refusal: signer.sentence, agentUrl }
  return {
    certificates: await Promise.all(signer.certificates.map(offered)),
    competence: competenceOf(signer.delegation),
    refusal: null,
    agentUrl,
  }
}

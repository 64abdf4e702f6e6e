import type { Database } from '#db/database.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'
import { liveSignature, type SignatureFault, type SignatureRole } from '#db/signatures.ts'
import type { TaskPage } from '#db/task-page.ts'
import type { Viewer } from '#db/visibility.ts'
import { taskForms } from '../forms/complete-form.ts'
import { agentUrl } from './agent-address.ts'
import { keyPlaceOf, tokenWarning, type KeyPlace } from './keys.ts'
import { competenceOf, signerFor } from './signer.ts'
import { kindToSign, signatureAsked } from './sign-task.ts'

/** A certificate as the page offers it. */
export interface OfferedCertificate {
  fingerprint: string
  name: string
  issuer: string
  /** epoch ms */
  notAfter: number
  isTest: boolean
  keyPlace: KeyPlace
  /** Of the token, before its PIN is typed. */
  warning: Sentence | null
}

/** What a step that asks for a signature shows beside its form. */
export interface SigningOffer {
  role: SignatureRole
  certificates: OfferedCertificate[]
  /** In whose place: `KT. BỘ TRƯỞNG`, and the paper that says so. */
  competence: string | null
  basis: string | null
  /** Why it cannot be signed now. */
  refusal: Sentence | null
  /** The key has signed already; what is left asks for no PIN. */
  signedBefore: boolean
  /** What was in the way the last time. */
  fault: SignatureFault | null
  agentUrl: string
}

/** Null where the step asks for no signature and has no place for an initial. */
export async function readSigningOffer(
  { db, viewer, now }: { db: Database; viewer: Viewer; now: number },
  page: Pick<TaskPage, 'taskId' | 'formKey' | 'properties' | 'documentId'>,
): Promise<SigningOffer | null> {
  const form = page.formKey === null ? undefined : taskForms.get(page.formKey)
  const role = form?.initials ? 'initial' : form?.signs ? signatureAsked(page, { outcome: form.signs.outcome }) : null
  if (!role) return null
  // Rights to sign for others are asked for a signature alone.
  const kindCode = role === 'person' && page.documentId ? await kindToSign(db, page.documentId) : null
  const [signer, live] = await Promise.all([
    signerFor(db, viewer, role, { kindCode }, now).catch((error: unknown) => {
      if (error instanceof Refusal) return error
      throw error
    }),
    liveSignature(db, page.taskId),
  ])
  const known = signer instanceof Refusal ? null : signer
  return {
    role,
    certificates: await Promise.all((known?.certificates ?? []).map(offered)),
    competence: competenceOf(known?.delegation ?? null),
    basis: known?.delegation?.basis ?? null,
    refusal: signer instanceof Refusal ? signer.sentence : null,
    signedBefore:
      live !== null && live.personId === viewer.personId && live.state !== 'waiting' && live.state !== 'prepared',
    fault: live?.fault ?? null,
    agentUrl,
  }
}

export const offered = async (certificate: {
  fingerprint: string
  name: string
  issuer: string
  notAfter: number
  keptOn: 'token' | 'demonstration'
}): Promise<OfferedCertificate> => ({
  fingerprint: certificate.fingerprint,
  name: certificate.name,
  issuer: certificate.issuer,
  notAfter: certificate.notAfter,
  isTest: certificate.keptOn === 'demonstration' || certificate.issuer.includes('TEST'),
  keyPlace: keyPlaceOf(certificate),
  warning: await tokenWarning(certificate),
})

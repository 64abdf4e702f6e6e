import type { CertificatePath } from '../certificates/path.ts'
import { revocationAt, type RevocationResult } from '../certificates/revocation.ts'
import type { RevocationSource } from '../services/revocation-source.ts'
import type { RevocationFacts } from './report.ts'
import type { Material } from './verify-pdf.ts'

/** The answer for every certificate below the root; the signer's is shown, the worst counts. */
export async function judgeRevocation(
  path: CertificatePath,
  at: Date | undefined,
  given: { material: Material; revocation?: RevocationSource; now: Date },
): Promise<{ result: RevocationResult; facts: RevocationFacts }> {
  const { material, revocation, now } = given
  let worstSoFar: RevocationResult | undefined
  let facts: RevocationFacts = { status: 'unknown' }
  for (const one of path.certificates) material.used.certificates.set(one.fingerprint, one.der)
  for (const [index, certificate] of path.certificates.slice(0, -1).entries()) {
    const issuer = path.certificates[index + 1]!
    let result = revocationAt(certificate, issuer, material.answers, at ?? now)
    if (result.status === 'unknown' && revocation) {
      material.answers.push(...(await revocation.answersFor(certificate, issuer)))
      result = revocationAt(certificate, issuer, material.answers, at ?? now)
    }
    if (result.status !== 'unknown') {
      const { kind, der } = result.answer
      material.used[kind === 'ocsp' ? 'ocsps' : 'crls'].set(der.toString('base64'), der)
    }
    if (index === 0) facts = revocationFacts(result)
    const rank = { revoked: 2, unknown: 1, good: 0 }
    if (!worstSoFar || rank[result.status] > rank[worstSoFar.status]) worstSoFar = result
  }
  return { result: worstSoFar ?? { status: 'unknown' }, facts }
}

function revocationFacts(result: RevocationResult): RevocationFacts {
  if (result.status === 'unknown') return { status: 'unknown' }
  const { answer } = result
  return {
    status: result.status,
    source: answer.kind,
    origin: answer.origin,
    answeredAt: answer.thisUpdate.toISOString(),
    revokedAt: answer.revokedAt?.toISOString(),
  }
}

import { requireUsable, signingCertificates, type Holder, type SigningCertificate } from '#db/certificates.ts'
import type { Database } from '#db/database.ts'
import { delegationsOf, type Delegation } from '#db/delegations.ts'
import { Refusal } from '#db/refusal.ts'
import type { SignatureRole } from '#db/signatures.ts'
import type { Viewer } from '#db/visibility.ts'

/** Who signs, with what, and in whose place. */
export interface Signer {
  role: SignatureRole
  holder: Holder
  certificates: SigningCertificate[]
  /** The right to sign in somebody's place; null for one's own. */
  delegation: Delegation | null
}

/** The ministry's own seal is that of the leaders' unit. */
const SEALED_AS = 'LDB'

/**
 * Whose signature a step of this role takes. A document of the ministry is signed by the Minister, or in their place by whoever has
 * a delegation in force for this kind of document today (NĐ 30/2020 Điều 13). Throws Refusal `no-delegation`.
 */
export async function signerFor(
  db: Database,
  viewer: Viewer,
  role: SignatureRole,
  document: { kindCode: string | null },
  now: number,
): Promise<Signer> {
  const holder = isOwn(role) ? { personId: viewer.personId } : await ministry(db)
  const [certificates, delegations] = await Promise.all([
    signingCertificates(db.sql, holder),
    role === 'person' && viewer.role !== 'minister' ? delegationsOf(db.sql, viewer.personId, document, now) : [],
  ])
  const [delegation = null] = delegations
  if (role === 'person' && viewer.role !== 'minister' && !delegation) throw noDelegation()
  return { role, holder, certificates, delegation }
}

/** With a key of their own; everything else is signed with the organisation's. */
const isOwn = (role: SignatureRole): boolean => role === 'person' || role === 'initial'

async function ministry(db: Database): Promise<Holder> {
  const [unit] = await db.sql<{ id: string }[]>`select id from units where code = ${SEALED_AS}`
  if (!unit) throw noCertificate('organisation')
  return { unitId: unit.id }
}

/** The certificate to sign with: the one that was chosen, or the newest. Throws Refusal where there is none, or it may not be used. */
export async function certificateOf(
  db: Database,
  signer: Signer,
  fingerprint: string | null,
): Promise<SigningCertificate> {
  const chosen = fingerprint ?? signer.certificates[0]?.fingerprint
  if (!chosen) throw noCertificate(signer.role)
  return requireUsable(db.sql, chosen, signer.holder)
}

/** `KT. BỘ TRƯỞNG`, as it stands above a signature. */
export const competenceOf = (delegation: Delegation | null): string | null =>
  delegation && `${delegation.kind}. ${delegation.fromTitle.toLocaleUpperCase('vi')}`

const noDelegation = () =>
  new Refusal('no-delegation', 403, {
    vi: 'Đồng chí chưa được giao ký thay (KT.), ký thừa lệnh (TL.) hay thừa ủy quyền (TUQ.) loại văn bản này nên chưa ký gì. Hãy nhờ quản trị ghi nhận việc giao ký, hoặc trình người có thẩm quyền ký.',
    en: 'No delegation (KT., TL. or TUQ.) lets you sign this kind of document today, so nothing was signed. Have an administrator enter it, or submit the document to whoever may sign.',
  })

const noCertificate = (role: SignatureRole) =>
  new Refusal(
    'no-certificate',
    409,
    !isOwn(role)
      ? {
          vi: 'Cơ quan chưa có chứng thư số còn hiệu lực trong iMOIT nên chưa đóng dấu được; chưa có gì thay đổi. Hãy nhờ quản trị đăng ký chứng thư của cơ quan.',
          en: 'The organisation has no certificate in force in iMOIT, so it cannot seal and nothing was changed. Have an administrator register one.',
        }
      : {
          vi: 'Đồng chí chưa có chứng thư số còn hiệu lực trong iMOIT nên chưa ký được; chưa có gì thay đổi. Hãy nhờ quản trị đăng ký chứng thư của đồng chí.',
          en: 'You have no certificate in force in iMOIT, so you cannot sign and nothing was changed. Have an administrator register yours.',
        },
  )

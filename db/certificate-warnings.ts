import { EXPIRES_SOON_MS } from './certificate-expiry.ts'
import type { Database } from './database.ts'

/** Somebody to be written to about a certificate that ends soon. */
export interface CertificateWarning {
  certificateId: string
  /** Whose certificate it is: a person's or an organisation's name. */
  holder: string
  holderEn: string
  serial: string
  /** Epoch ms. */
  notAfter: number
  addressees: { personId: string; fullName: string; email: string; language: 'vi' | 'en' }[]
}

/**
 * Certificates in use that end within 60 days and of which nobody was written to yet. A person's goes to that person, an
 * organisation's to the clerks who seal with it: of the unit, and of the ministry for its own.
 */
export async function dueCertificateWarnings(db: Database, limit = 20): Promise<CertificateWarning[]> {
  const rows = await db.sql<CertificateWarning[]>`
    select c.id as "certificateId", coalesce(n.full_name, u.name) as holder, coalesce(n.full_name, u.name_en) as "holderEn", c.serial,
      floor(extract(epoch from c.not_after) * 1000)::float8 as "notAfter",
      coalesce((
        select jsonb_agg(distinct jsonb_build_object('personId', a.id, 'fullName', a.full_name, 'email', a.email, 'language', a.language))
        from persons a where a.active and (a.id = c.person_id or exists (
          select 1 from posts p where p.person_id = a.id and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
            and (p.role = 'unit-clerk' and p.unit_id = c.unit_id or p.role = 'ministry-clerk' and u.kind = 'leadership')))
      ), '[]') as addressees
    from certificates c left join persons n on n.id = c.person_id left join units u on u.id = c.unit_id
    where c.state = 'active' and c.warned_at is null
      and c.not_after between clock_timestamp() and clock_timestamp() + ${EXPIRES_SOON_MS} * interval '1 millisecond'
    order by c.not_after, c.id limit ${limit}`
  return [...rows]
}

/** The mail server has taken the letters. */
export async function noteCertificateWarned(db: Database, certificateId: string): Promise<void> {
  await db.sql`update certificates set warned_at = clock_timestamp() where id = ${certificateId}`
}

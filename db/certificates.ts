import type { Sql, TransactionSql } from 'postgres'
import { linkAudit } from './audit.ts'
import { EXPIRES_SOON_MS, expiresSoon } from './certificate-expiry.ts'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'
import { foldForSearch } from './search-text.ts'
import type { certificateKeepings, certificateStates } from './tables/signing.ts'

export type CertificateState = (typeof certificateStates)[number]
type Keeping = (typeof certificateKeepings)[number]
type Either = Sql | TransactionSql

/** Who does something outside a case. */
export interface Actor {
  personId: string
  postId: string
}

/** What is read out of a certificate; its names as text, instants as epoch ms. */
export interface CertificateContent {
  name: string
  subject: string
  issuer: string
  /** Hexadecimal. */
  serial: string
  /** SHA-256 over the DER, hexadecimal. */
  fingerprint: string
  der: Buffer
  notBefore: number
  notAfter: number
}

/** A person's or an organisation's: one of the two is set. */
export type Holder = { personId: string; unitId?: undefined } | { unitId: string; personId?: undefined }

export interface CertificateLine extends Omit<CertificateContent, 'der'> {
  id: string
  personId: string | null
  unitId: string | null
  /** The person's or the unit's name. */
  holder: string
  holderEn: string
  keptOn: Keeping
  state: CertificateState
  stateReason: string | null
  /** Epoch ms, real time. */
  stateSince: number | null
  stateBy: string | null
  /** SHA-256 of the image that is drawn where they sign, hexadecimal; null where a name or a ring stands in for it. */
  image: string | null
}

/** One that may be signed with, with its bytes. */
export interface SigningCertificate extends CertificateLine {
  der: Buffer
}

const ms = (sql: Either, column: string) => sql.unsafe(`floor(extract(epoch from ${column}) * 1000)::float8`)
const columns = (sql: Either) => sql`
  c.id, c.person_id as "personId", c.unit_id as "unitId", coalesce(n.full_name, u.name) as holder, coalesce(n.full_name, u.name_en) as "holderEn",
  c.name, c.subject, c.issuer, c.serial, c.fingerprint, ${ms(sql, 'c.not_before')} as "notBefore", ${ms(sql, 'c.not_after')} as "notAfter",
  c.kept_on as "keptOn", c.state, c.state_reason as "stateReason", ${ms(sql, 'c.state_since')} as "stateSince", b.full_name as "stateBy",
  encode(sha256(c.image), 'hex') as image`
const joined = (sql: Either) => sql`
  certificates c left join persons n on n.id = c.person_id left join units u on u.id = c.unit_id
  left join posts s on s.id = c.state_by_post left join persons b on b.id = s.person_id`

/** Enters a certificate; one that stands already stays as it is. @returns its id, null where it stood */
export async function addCertificate(
  sql: Either,
  actor: Actor | null,
  holder: Holder,
  content: CertificateContent,
  keptOn: Keeping,
): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    insert into certificates (person_id, unit_id, name, subject, issuer, serial, fingerprint, der, not_before, not_after, kept_on, added_by_post, added_at)
    values (${holder.personId ?? null}, ${holder.unitId ?? null}, ${content.name}, ${content.subject}, ${content.issuer}, ${content.serial},
      ${content.fingerprint}, ${content.der}, to_timestamp(${content.notBefore} / 1000.0), to_timestamp(${content.notAfter} / 1000.0), ${keptOn},
      ${actor?.postId ?? null}, clock_timestamp())
    on conflict (fingerprint) do nothing returning id`
  return row?.id ?? null
}

/** An administrator enters a certificate of somebody's token. @throws Refusal where it is known, or has ended */
export async function enterCertificate(
  db: Database,
  actor: Actor,
  holder: Holder,
  content: CertificateContent,
): Promise<string> {
  if (content.notAfter < Date.now()) throw hasEnded(content.name)
  return db.sql.begin(async (sql) => {
    const id = await addCertificate(sql, actor, holder, content, 'token')
    if (id === null) throw isKnown(content.name)
    const data = { ...holder, name: content.name, serial: content.serial, fingerprint: content.fingerprint }
    await linkAudit(sql, { ...actor, act: 'certificate.added', data })
    return id
  })
}

/**
 * The certificates that somebody may sign with now: active, within their time, the newest first. In production those of the
 * demonstration are none.
 */
export async function signingCertificates(sql: Either, holder: Holder): Promise<SigningCertificate[]> {
  const rows = await sql<SigningCertificate[]>`
    select ${columns(sql)}, c.der from ${joined(sql)}
    where ${holder.personId ? sql`c.person_id = ${holder.personId}` : sql`c.unit_id = ${holder.unitId ?? null}`}
      and c.state = 'active' and clock_timestamp() between c.not_before and c.not_after
      ${process.env.NODE_ENV === 'production' ? sql`and c.kept_on <> 'demonstration'` : sql``}
    order by c.not_before desc, c.id desc`
  return [...rows]
}

/**
 * Whether a certificate may sign at this moment; to be asked in the transaction that writes the signature.
 * @throws Refusal `certificate-unknown`, `certificate-suspended`, `certificate-expired` or `demonstration-key`
 */
export async function requireUsable(sql: Either, fingerprint: string, holder: Holder): Promise<SigningCertificate> {
  const [found] = await sql<SigningCertificate[]>`
    select ${columns(sql)}, c.der from ${joined(sql)} where c.fingerprint = ${fingerprint} for share of c`
  if (!found || found.personId !== (holder.personId ?? null) || found.unitId !== (holder.unitId ?? null))
    throw isUnknown()
  if (found.state !== 'active') throw isStopped(found)
  if (found.notAfter < Date.now()) throw hasEnded(found.name)
  if (found.keptOn === 'demonstration' && process.env.NODE_ENV === 'production') throw isDemonstration()
  return found
}

export interface CertificateFilter {
  /** Words of the holder's name, the subject or the serial, accents or not. */
  search?: string
  of?: 'person' | 'organisation'
  state?: CertificateState | 'expiring' | 'expired'
  page?: number
}

export const CERTIFICATES_PER_PAGE = 50

/** The certificates in the order of the office; a ministry has some hundreds. `counts` are of all, whatever the filter. */
export async function certificateList(
  db: Database,
  { search = '', of, state, page = 1 }: CertificateFilter,
): Promise<{ certificates: CertificateLine[]; total: number; counts: Record<CertificateState | 'expiring', number> }> {
  const now = Date.now()
  const all = await db.sql<(CertificateLine & { sort: number })[]>`
    select ${columns(db.sql)}, coalesce((select min(p.sort) from posts p where p.person_id = c.person_id), u.sort) as sort
    from ${joined(db.sql)} order by c.unit_id is null, sort, n.sort_name collate "vi-x-icu", c.not_after desc, c.id`
  const words = foldForSearch(search)
    .split(' ')
    .filter((word) => word !== '')
  const found = all.filter((one) => {
    if (of && (one.personId === null) !== (of === 'organisation')) return false
    if (state === 'expiring' && !expiresSoon(one, now)) return false
    if (state === 'expired' && one.notAfter >= now) return false
    if (state && state !== 'expiring' && state !== 'expired' && one.state !== state) return false
    const text = foldForSearch(`${one.holder} ${one.name} ${one.subject} ${one.serial}`)
    return words.every((word) => text.includes(word))
  })
  const count = (test: (one: CertificateLine) => boolean) => all.filter(test).length
  const from = (Math.max(1, page) - 1) * CERTIFICATES_PER_PAGE
  return {
    certificates: found.slice(from, from + CERTIFICATES_PER_PAGE).map(({ sort: _, ...line }) => line),
    total: found.length,
    counts: {
      active: count((one) => one.state === 'active'),
      suspended: count((one) => one.state === 'suspended'),
      revoked: count((one) => one.state === 'revoked'),
      expiring: count((one) => expiresSoon(one, now)),
    },
  }
}

/** How many end within 60 days. */
export async function expiringCertificates(db: Database): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`
    select count(*)::int as count from certificates
    where state = 'active' and not_after between clock_timestamp() and clock_timestamp() + ${EXPIRES_SOON_MS} * interval '1 millisecond'`
  return row?.count ?? 0
}

/**
 * Stops a certificate (a token is lost) or takes it up again: at once, with the reason and a line in the audit. What was revoked
 * stays so.
 */
export async function changeCertificateState(
  db: Database,
  actor: Actor,
  id: string,
  change: { to: CertificateState; reason: string },
): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [row] = await sql<{ state: CertificateState; name: string; serial: string }[]>`
      select state, name, serial from certificates where id::text = ${id} for update`
    if (!row) throw notFound()
    if (row.state === change.to) return
    if (row.state === 'revoked') throw staysRevoked(row.name)
    await sql`update certificates set state = ${change.to}, state_reason = ${change.reason}, state_since = clock_timestamp(),
      state_by_post = ${actor.postId} where id = ${id}`
    const data = { certificate: id, name: row.name, serial: row.serial, from: row.state, ...change }
    await linkAudit(sql, { ...actor, act: 'certificate.stateChanged', data })
  })
}

/** The image of a holder's signature or seal; null where there is none. */
export async function certificateImage(sql: Either, id: string): Promise<Buffer | null> {
  const [row] = await sql<{ image: Buffer | null }[]>`select image from certificates where id::text = ${id}`
  return row?.image ?? null
}

/** Keeps the image that is drawn where the holder signs, or takes it away, with a line in the audit. */
export async function keepCertificateImage(
  db: Database,
  actor: Actor,
  id: string,
  image: Uint8Array | null,
): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [row] = await sql<{ name: string; image: string | null }[]>`
      update certificates set image = ${image === null ? null : Buffer.from(image)} where id::text = ${id}
      returning name, encode(sha256(image), 'hex') as image`
    if (!row) throw notFound()
    await linkAudit(sql, { ...actor, act: 'certificate.imageChanged', data: { certificate: id, ...row } })
  })
}

const isUnknown = () =>
  new Refusal('certificate-unknown', 403, {
    vi: 'Chứng thư số này không được đăng ký cho đồng chí trong iMOIT nên chưa ký gì. Hãy dùng đúng thiết bị của mình, hoặc nhờ quản trị đăng ký chứng thư.',
    en: 'This certificate is not registered to you in iMOIT, so nothing was signed. Use your own token, or have an administrator register the certificate.',
  })

const isStopped = (one: CertificateLine) =>
  new Refusal('certificate-suspended', 409, {
    vi: `Chứng thư số của ${one.name} đã bị dừng sử dụng (${one.stateReason ?? ''}) nên không ký được. Tài liệu chưa thay đổi; hãy liên hệ quản trị.`,
    en: `The certificate of ${one.name} was stopped (${one.stateReason ?? ''}) and cannot sign. The document is unchanged; speak to an administrator.`,
  })

const hasEnded = (name: string) =>
  new Refusal('certificate-expired', 409, {
    vi: `Chứng thư số của ${name} đã hết hạn nên không dùng được. Tài liệu chưa thay đổi; hãy đăng ký chứng thư mới.`,
    en: `The certificate of ${name} has expired and cannot be used. The document is unchanged; register a new certificate.`,
  })

const isDemonstration = () =>
  new Refusal('demonstration-key', 409, {
    vi: 'Khóa của bản trình diễn không có giá trị pháp lý nên không ký được ở đây. Tài liệu chưa thay đổi; hãy dùng thiết bị ký thật.',
    en: 'Keys of the demonstration have no legal effect and cannot sign here. The document is unchanged; use a real token.',
  })

const isKnown = (name: string) =>
  new Refusal('certificate-known', 409, {
    vi: `Chứng thư số của ${name} đã được đăng ký trước đó nên không thêm lần nữa. Hãy tìm trong danh sách để xem.`,
    en: `The certificate of ${name} is registered already and was not added again. Look it up in the list.`,
  })

const staysRevoked = (name: string) =>
  new Refusal('certificate-revoked', 409, {
    vi: `Chứng thư số của ${name} đã thu hồi nên không thể dùng lại. Hãy đăng ký chứng thư mới.`,
    en: `The certificate of ${name} was revoked and cannot be taken up again. Register a new certificate.`,
  })

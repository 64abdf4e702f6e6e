import { createHash } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import { linkAudit } from './audit.ts'
import type { Actor, CertificateContent } from './certificates.ts'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'

type Either = Sql | TransactionSql
export type AnchorRole = 'root' | 'intermediate'
export type ServiceKind = 'time-stamp' | 'ocsp' | 'crl'

/** Whom the office believes and asks, as `signing` takes it. */
export interface KeptTrust {
  roots: { der: Buffer; isTest: boolean }[]
  intermediates: Buffer[]
  timeStampUrls: string[]
  ocspUrls: string[]
  crlUrls: string[]
  /** Changes whenever anything of it does. */
  state: string
}

export interface Anchor extends Omit<CertificateContent, 'der'> {
  id: string
  role: AnchorRole
  isTest: boolean
  addedBy: string | null
  /** Epoch ms, real time. */
  addedAt: number
}

export interface TrustService {
  id: string
  kind: ServiceKind
  url: string
  isTest: boolean
  addedBy: string | null
  addedAt: number
}

/** In production test authorities are not believed, whoever put them on the list. */
const believesTests = () => process.env.NODE_ENV !== 'production'

/** The trust list in force. */
export async function keptTrust(db: { sql: Either }): Promise<KeptTrust> {
  const test = believesTests() ? db.sql`true` : db.sql`not is_test`
  const [anchors, services] = await Promise.all([
    db.sql<{ role: AnchorRole; der: Buffer; isTest: boolean; fingerprint: string }[]>`
      select role, der, is_test as "isTest", fingerprint from trust_anchors where removed_at is null and ${test} order by fingerprint`,
    db.sql<{ kind: ServiceKind; url: string }[]>`
      select kind, url from trust_services where removed_at is null and ${test} order by added_at, id`,
  ])
  const urls = (kind: ServiceKind) => services.filter((one) => one.kind === kind).map((one) => one.url)
  // An address is how one asks, not whom one believes: a responder that has moved changes no result.
  const state = createHash('sha256').update(
    JSON.stringify(anchors.map((one) => [one.role, one.isTest, one.fingerprint])),
  )
  return {
    roots: anchors.filter((one) => one.role === 'root').map(({ der, isTest }) => ({ der, isTest })),
    intermediates: anchors.filter((one) => one.role === 'intermediate').map(({ der }) => der),
    timeStampUrls: urls('time-stamp'),
    ocspUrls: urls('ocsp'),
    crlUrls: urls('crl'),
    state: state.digest('hex'),
  }
}

export async function trustPage(db: Database): Promise<{ anchors: Anchor[]; services: TrustService[] }> {
  const ms = (column: string) => db.sql.unsafe(`floor(extract(epoch from ${column}) * 1000)::float8`)
  const [anchors, services] = await Promise.all([
    db.sql<Anchor[]>`
      select a.id, a.role, a.name, a.subject, a.issuer, a.serial, a.fingerprint, ${ms('a.not_before')} as "notBefore", ${ms('a.not_after')} as "notAfter",
        a.is_test as "isTest", n.full_name as "addedBy", ${ms('a.added_at')} as "addedAt"
      from trust_anchors a left join posts p on p.id = a.added_by_post left join persons n on n.id = p.person_id
      where a.removed_at is null order by a.is_test, array_position(array['root', 'intermediate'], a.role), a.name`,
    db.sql<TrustService[]>`
      select s.id, s.kind, s.url, s.is_test as "isTest", n.full_name as "addedBy", ${ms('s.added_at')} as "addedAt"
      from trust_services s left join posts p on p.id = s.added_by_post left join persons n on n.id = p.person_id
      where s.removed_at is null order by s.is_test, array_position(array['time-stamp', 'ocsp', 'crl'], s.kind), s.added_at`,
  ])
  return { anchors: [...anchors], services: [...services] }
}

/** Puts a certificate on the list; one that is there stays. @returns whether it is new */
export async function addAnchor(
  sql: Either,
  actor: Actor | null,
  anchor: CertificateContent & { role: AnchorRole; isTest: boolean },
): Promise<boolean> {
  const added = await sql`
    insert into trust_anchors (role, name, subject, issuer, serial, fingerprint, der, not_before, not_after, is_test, added_by_post, added_at)
    values (${anchor.role}, ${anchor.name}, ${anchor.subject}, ${anchor.issuer}, ${anchor.serial}, ${anchor.fingerprint}, ${anchor.der},
      to_timestamp(${anchor.notBefore} / 1000.0), to_timestamp(${anchor.notAfter} / 1000.0), ${anchor.isTest}, ${actor?.postId ?? null}, clock_timestamp())
    on conflict do nothing returning id`
  return added.length > 0
}

/** An administrator begins to believe authorities. @throws Refusal for a test authority in production, and what is there */
export async function believe(
  db: Database,
  actor: Actor,
  anchors: (CertificateContent & { role: AnchorRole; isTest: boolean })[],
): Promise<void> {
  if (!believesTests() && anchors.some((one) => one.isTest)) throw testInProduction()
  await db.sql.begin(async (sql) => {
    let added = 0
    for (const anchor of anchors) {
      if (!(await addAnchor(sql, actor, anchor))) continue
      added += 1
      const { role, isTest, name, fingerprint } = anchor
      await linkAudit(sql, { ...actor, act: 'trust.authorityAdded', data: { role, isTest, name, fingerprint } })
    }
    if (added === 0) throw isThere()
  })
}

export async function disbelieve(db: Database, actor: Actor, id: string): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [row] = await sql<{ name: string; fingerprint: string }[]>`
      update trust_anchors set removed_at = clock_timestamp(), removed_by_post = ${actor.postId}
      where id::text = ${id} and removed_at is null returning name, fingerprint`
    if (!row) throw notFound()
    await linkAudit(sql, { ...actor, act: 'trust.authorityRemoved', data: { ...row } })
  })
}

/** Names a service to be asked. @throws Refusal for an address that is none, one that is there, and a test one in production */
export async function addService(
  db: Database,
  actor: Actor,
  service: { kind: ServiceKind; url: string; isTest: boolean },
): Promise<void> {
  if (!isServiceAddress(service.url)) throw noAddress()
  if (!believesTests() && service.isTest) throw testInProduction()
  await db.sql.begin(async (sql) => {
    const added = await sql`
      insert into trust_services (kind, url, is_test, added_by_post, added_at)
      values (${service.kind}, ${service.url}, ${service.isTest}, ${actor.postId}, clock_timestamp()) on conflict do nothing returning id`
    if (added.length === 0) throw isThere()
    await linkAudit(sql, { ...actor, act: 'trust.serviceAdded', data: { ...service } })
  })
}

export async function removeService(db: Database, actor: Actor, id: string): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [row] = await sql<{ kind: string; url: string }[]>`
      update trust_services set removed_at = clock_timestamp(), removed_by_post = ${actor.postId}
      where id::text = ${id} and removed_at is null returning kind, url`
    if (!row) throw notFound()
    await linkAudit(sql, { ...actor, act: 'trust.serviceRemoved', data: { ...row } })
  })
}

/** The test authority's servers get another port at each start: what is asked of it follows. */
export async function placeTestServices(
  sql: Either,
  services: readonly { kind: ServiceKind; url: string }[],
): Promise<void> {
  const given = JSON.stringify(services)
  await sql`
    with given as (select kind, url from jsonb_to_recordset(${given}::text::jsonb) as r(kind text, url text)), gone as (
      update trust_services s set removed_at = clock_timestamp() where s.is_test and s.removed_at is null and s.added_by_post is null
        and not exists (select 1 from given g where g.kind = s.kind and g.url = s.url)
    )
    insert into trust_services (kind, url, is_test, added_at) select kind, url, true, clock_timestamp() from given on conflict do nothing`
}

function isServiceAddress(url: string): boolean {
  if (!URL.canParse(url) || url.length > 500) return false
  const { protocol, username, password } = new URL(url)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

const testInProduction = () =>
  new Refusal('test-authority', 409, {
    vi: 'Cơ quan chứng thực thử không được đưa vào danh sách tin cậy khi vận hành chính thức. Danh sách không thay đổi; hãy dùng chứng thư của cơ quan thật.',
    en: 'A test authority cannot be trusted in production. The list is unchanged; add the certificate of a real authority.',
  })

const isThere = () =>
  new Refusal('already-trusted', 409, {
    vi: 'Mục này đã có trong danh sách nên không thêm lần nữa.',
    en: 'This is on the list already and was not added again.',
  })

const noAddress = () =>
  new Refusal('service-address', 422, {
    vi: 'Địa chỉ dịch vụ phải bắt đầu bằng http:// hoặc https:// và không kèm mật khẩu. Chưa thêm gì; hãy nhập lại.',
    en: 'The address of a service starts with http:// or https:// and carries no password. Nothing was added; type it again.',
  })

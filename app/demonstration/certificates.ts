import { createPublicKey } from 'node:crypto'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { addCertificate, type Holder } from '#db/certificates.ts'
import type { Database } from '#db/database.ts'
import { Refusal } from '#db/refusal.ts'
import { addAnchor, placeTestServices } from '#db/trust.ts'
import { contentOf } from '#signing/certificates/content.ts'
import type { Certificate } from '#signing/certificates/certificate.ts'
import { readPkcs12, writePkcs12, type Pkcs12Content } from '#signing/keys/pkcs12.ts'
import { DEMONSTRATION_PIN, keptAuthority, type KeptAuthority } from '#signing/test-authority/kept-authority.ts'
import { serveTestAuthority, type TestAuthorityServer } from '#signing/test-authority/server.ts'
import { newKey } from '#signing/test-authority/test-authority.ts'

const DAY_MS = 24 * 3_600_000
/** Of department level and up, as the ministry's own certificates are (seed of 67 people). */
const SIGNING_ROLES = [
  'minister',
  'deputy-minister',
  'chief-of-office',
  'deputy-chief-of-office',
  'head',
  'deputy-head',
]
/** The ministry and the agencies under it that have a seal of their own: 13. */
const SEALED_UNITS = ['LDB', 'QLTT', 'DTDL', 'DL', 'CN', 'CTDP', 'XNK', 'XTTM', 'TMDT', 'PVTM', 'CT', 'HC', 'ATMT']
const MINISTRY_NAME = 'Bộ Công Thương (TEST)'
/** Somebody whose certificate ends soon, so that the warning is seen. */
const ENDS_SOON = 'kh.pho'
const ENDS_SOON_DAYS = 40

/** `test-authority/` of a data folder. */
export const authorityFolder = (dataFolder: string) => path.join(dataFolder, 'test-authority')
const keyFile = (folder: string, fingerprint: string) => path.join(folder, 'keys', `${fingerprint}.p12`)

export interface DemonstrationAuthority {
  kept: KeptAuthority
  server: TestAuthorityServer
  close(): Promise<void>
}

/**
 * The demonstration's authority at work: the ministry's people and organisations have certificates and keys of it, the trust list
 * names it, and it answers on this machine. Every part is done once; a second call finds it done. Refused in production.
 */
export async function openDemonstrationAuthority(
  db: Database,
  folder: string,
  port = 0,
): Promise<DemonstrationAuthority> {
  if (process.env.NODE_ENV === 'production') throw notInProduction()
  const kept = await keptAuthority(folder)
  const { root, issuing } = kept.authority
  await addAnchor(db.sql, null, { ...contentOf(root.certificate), role: 'root', isTest: true })
  await addAnchor(db.sql, null, { ...contentOf(issuing.certificate), role: 'intermediate', isTest: true })
  await issueCertificates(db, kept, folder)
  const server = await serveTestAuthority(kept.authority, port)
  await placeTestServices(db.sql, [
    { kind: 'time-stamp', url: server.timeStampUrl },
    { kind: 'ocsp', url: server.ocspUrl },
    { kind: 'crl', url: server.crlUrl },
    { kind: 'crl', url: server.rootCrlUrl },
  ])
  return { kept, server, close: () => server.close() }
}

/** The key of a demonstration's certificate. @throws Refusal in production and for a key that is not kept here; SigningError `pin-wrong` */
export async function demonstrationKey(folder: string, fingerprint: string, pin: string): Promise<Pkcs12Content> {
  if (process.env.NODE_ENV === 'production') throw notInProduction()
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) throw noSuchKey()
  const file = await readFile(keyFile(folder, fingerprint)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw noSuchKey()
    throw error
  })
  return readPkcs12(file, pin)
}

interface Wanting {
  holder: Holder
  subject: { commonName: string; organisation: string; title?: string }
  email?: string
  until?: Date
}

/** Issues to each that has none; where the keys were deleted, the certificates that belonged to them end and others come. */
async function issueCertificates(db: Database, kept: KeptAuthority, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'keys'), { recursive: true, mode: 0o700 })
  await endKeyless(db, folder)
  const wanting = [...(await organisationsWithout(db)), ...(await peopleWithout(db))]
  if (wanting.length === 0) return
  const entered: { holder: Holder; certificate: Certificate }[] = []
  for (const { holder, subject, email, until } of wanting) {
    const key = newKey('p-256')
    const certificate = kept.authority.issue(subject, createPublicKey(key), {
      // Before the demonstration's past begins.
      notBefore: new Date(Date.now() - 90 * DAY_MS),
      ...(email ? { email } : {}),
      ...(until ? { notAfter: until } : {}),
    })
    const content: Pkcs12Content = { key, certificate, chain: [kept.authority.issuing.certificate] }
    await writeFile(keyFile(folder, certificate.fingerprint), await writePkcs12(content, DEMONSTRATION_PIN), {
      mode: 0o600,
    })
    entered.push({ holder, certificate })
  }
  // First the authority remembers them, so that its responder knows whatever the ministry does.
  await kept.save()
  await db.sql.begin(async (sql) => {
    for (const { holder, certificate } of entered)
      await addCertificate(sql, null, holder, contentOf(certificate), 'demonstration')
  })
}

async function endKeyless(db: Database, folder: string): Promise<void> {
  const standing = await db.sql<{ fingerprint: string }[]>`
    select fingerprint from certificates where kept_on = 'demonstration' and state <> 'revoked'`
  const gone: string[] = []
  for (const { fingerprint } of standing) {
    const there = await access(keyFile(folder, fingerprint)).then(
      () => true,
      () => false,
    )
    if (!there) gone.push(fingerprint)
  }
  if (gone.length === 0) return
  await db.sql`update certificates set state = 'revoked', state_reason = 'Khóa minh họa không còn', state_since = clock_timestamp()
    where fingerprint = any(${gone}::text[])`
}

async function peopleWithout(db: Database): Promise<Wanting[]> {
  const people = await db.sql<{ id: string; fullName: string; title: string; email: string; username: string }[]>`
    select distinct on (n.id) n.id, n.full_name as "fullName", p.title, n.email, n.username
    from persons n join posts p on p.person_id = n.id
    where n.demonstration and p.role = any(${SIGNING_ROLES}::text[])
      and not exists (select 1 from certificates c where c.person_id = n.id and c.state <> 'revoked')
    order by n.id, p.sort`
  return people.map(({ id, fullName, title, email, username }) => ({
    holder: { personId: id },
    subject: { commonName: fullName, organisation: MINISTRY_NAME, title },
    email,
    ...(username === ENDS_SOON ? { until: new Date(Date.now() + ENDS_SOON_DAYS * DAY_MS) } : {}),
  }))
}

async function organisationsWithout(db: Database): Promise<Wanting[]> {
  const units = await db.sql<{ id: string; code: string; name: string }[]>`
    select u.id, u.code, u.name from units u where u.code = any(${SEALED_UNITS}::text[])
      and not exists (select 1 from certificates c where c.unit_id = u.id and c.state <> 'revoked') order by u.sort`
  return units.map(({ id, code, name }) => {
    const organisation = code === 'LDB' ? MINISTRY_NAME : `${name} (TEST)`
    return { holder: { unitId: id }, subject: { commonName: organisation, organisation } }
  })
}

const notInProduction = () =>
  new Refusal('demonstration-key', 409, {
    vi: 'Khóa của bản trình diễn không có giá trị pháp lý nên không dùng khi vận hành chính thức. Chưa ký gì; hãy dùng thiết bị ký thật.',
    en: 'Keys of the demonstration have no legal effect and are not used in production. Nothing was signed; use a real token.',
  })

const noSuchKey = () =>
  new Refusal('key-missing', 404, {
    vi: 'Không tìm thấy khóa minh họa của chứng thư này trên máy chủ. Chưa ký gì; hãy khởi động lại bản trình diễn để cấp lại.',
    en: 'The demonstration key of this certificate is not on this server. Nothing was signed; start the demonstration again to have one issued.',
  })

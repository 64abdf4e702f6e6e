import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { certificateList, changeCertificateState, requireUsable, signingCertificates } from '#db/certificates.ts'
import type { Database } from '#db/database.ts'
import { delegationFor, giveDelegation, withdrawDelegation } from '#db/delegations.ts'
import { loadReference } from '#db/reference.ts'
import { keptTrust, placeTestServices } from '#db/trust.ts'
import { LETTERS } from '#signing/signing.fixture.ts'
import { embed } from '#signing/embed.ts'
import { gatherEvidence } from '#signing/evidence.ts'
import { keyInMemory } from '#signing/keys/pkcs12.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { prepare } from '#signing/prepare.ts'
import { signPrepared } from '#signing/sign.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { demonstrationKey, openDemonstrationAuthority, type DemonstrationAuthority } from './certificates.ts'
import { createPeople } from './people.ts'

let db: Database
let folder: string
let opened: DemonstrationAuthority

beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'imoit-certificates-')), 'test-authority')
  await loadReference(db)
  await createPeople(db)
  opened = await openDemonstrationAuthority(db, folder)
})
afterAll(async () => {
  await opened.close()
  await db.close()
  await rm(path.dirname(folder), { recursive: true, force: true })
})
afterEach(() => vi.unstubAllEnvs())

const idOf = async (username: string) => {
  const [row] = await db.sql<{ id: string }[]>`select id from persons where username = ${username}`
  return row!.id
}
const postOf = async (username: string) => {
  const [row] = await db.sql<{ id: string }[]>`
    select p.id from posts p join persons n on n.id = p.person_id where n.username = ${username} order by p.sort limit 1`
  return row!.id
}
const administrator = async () => ({ personId: await idOf('quantri'), postId: await postOf('quantri') })

describe('the demonstration’s certificates', () => {
  it('belong to everybody of department level and up, and to thirteen organisations', async () => {
    const { certificates } = await certificateList(db, { of: 'organisation' })
    const people = await certificateList(db, { of: 'person' })
    expect(certificates).toHaveLength(13)
    expect(people.total).toBe(43)
    expect(people.certificates[0]).toMatchObject({ holder: 'Lạc Đình Khuê', state: 'active', keptOn: 'demonstration' })
    expect(people.counts.expiring).toBe(1)
  })

  it('are issued once, also when the ministry starts again', async () => {
    const before = await db.sql`select fingerprint from certificates order by fingerprint`
    const again = await openDemonstrationAuthority(db, folder)
    await again.close()
    expect(await db.sql`select fingerprint from certificates order by fingerprint`).toEqual(before)
    const { ocspUrls } = await keptTrust(db)
    expect(ocspUrls).toEqual([again.server.ocspUrl])
    const { server } = opened
    await placeTestServices(db.sql, [
      { kind: 'time-stamp', url: server.timeStampUrl },
      { kind: 'ocsp', url: server.ocspUrl },
      { kind: 'crl', url: server.crlUrl },
      { kind: 'crl', url: server.rootCrlUrl },
    ])
  })

  it('sign at level LT with nothing but what the trust list names, and are marked as test', async () => {
    const [certificate] = await signingCertificates(db.sql, { personId: await idOf('botruong') })
    const content = await demonstrationKey(folder, certificate!.fingerprint, DEMONSTRATION_PIN)
    const services = servicesOf(await keptTrust(db))
    const { bytes, prepared } = prepare(LETTERS.tagged(), {
      ...content,
      level: 'LT',
      role: 'person',
      at: new Date(),
    })
    const value = await signPrepared(prepared, keyInMemory(content.certificate, content.key), 'thư.pdf')
    const report = await verifyPdf(embed(bytes, prepared, await gatherEvidence(prepared, value, services)), {
      trust: services.trust,
    })
    expect(report).toMatchObject({ verdict: 'valid', isTest: true })
    expect(report.signatures[0]).toMatchObject({ level: 'LT', signer: { name: 'Lạc Đình Khuê', title: 'Bộ trưởng' } })
  })

  it('stop at once when a token is lost, and say why', async () => {
    const personId = await idOf('kh.truong')
    const [line] = await signingCertificates(db.sql, { personId })
    await expect(requireUsable(db.sql, line!.fingerprint, { personId })).resolves.toMatchObject({ name: 'Hàn Gia Cẩn' })
    await changeCertificateState(db, await administrator(), line!.id, { to: 'suspended', reason: 'Mất thiết bị' })
    await expect(requireUsable(db.sql, line!.fingerprint, { personId })).rejects.toMatchObject({
      code: 'certificate-suspended',
      sentence: { vi: expect.stringContaining('Mất thiết bị') as string },
    })
    expect(await signingCertificates(db.sql, { personId })).toEqual([])
    const [audit] = await db.sql<
      { act: string; data: unknown }[]
    >`select act, data from audit_events order by seq desc limit 1`
    expect(audit).toMatchObject({ act: 'certificate.stateChanged' })
  })

  it('of somebody else are nobody’s to sign with', async () => {
    const [line] = await signingCertificates(db.sql, { personId: await idOf('thutruong1') })
    await expect(
      requireUsable(db.sql, line!.fingerprint, { personId: await idOf('thutruong2') }),
    ).rejects.toMatchObject({ code: 'certificate-unknown' })
  })

  it('and their authority are nothing in production', async () => {
    const [line] = await signingCertificates(db.sql, { personId: await idOf('thutruong1') })
    vi.stubEnv('NODE_ENV', 'production')
    await expect(openDemonstrationAuthority(db, folder)).rejects.toMatchObject({ code: 'demonstration-key' })
    await expect(demonstrationKey(folder, line!.fingerprint, DEMONSTRATION_PIN)).rejects.toMatchObject({
      code: 'demonstration-key',
    })
    expect(await signingCertificates(db.sql, { personId: await idOf('thutruong1') })).toEqual([])
    expect(await keptTrust(db)).toMatchObject({ roots: [], ocspUrls: [], timeStampUrls: [] })
  })
})

describe('a delegation', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const given = async (over: object = {}) => ({
    fromPost: await postOf('botruong'),
    toPerson: await idOf('thutruong1'),
    kind: 'KT' as const,
    validFrom: day(-1),
    validUntil: null,
    kindCodes: null,
    basis: 'Quyết định 01/QĐ-BCT',
    ...over,
  })

  it('lets a deputy sign for the minister until it is withdrawn', async () => {
    const actor = await administrator()
    const id = await giveDelegation(db, actor, await given())
    const [person, post] = [await idOf('thutruong1'), await postOf('botruong')]
    const found = () => delegationFor(db.sql, person, post, { kindCode: 'QD' }, Date.now())
    expect(await found()).toMatchObject({ id, kind: 'KT', fromTitle: 'Bộ trưởng' })
    expect(await delegationFor(db.sql, await idOf('thutruong2'), post, { kindCode: 'QD' }, Date.now())).toBeNull()
    await withdrawDelegation(db, actor, id, 'Đổi phân công')
    expect(await found()).toBeNull()
  })

  it('holds for its days and its kinds of document alone', async () => {
    const actor = await administrator()
    const person = await idOf('pc.truong')
    await giveDelegation(
      db,
      actor,
      await given({ toPerson: person, kind: 'TUQ', validFrom: day(0), validUntil: day(10), kindCodes: ['CV'] }),
    )
    const post = await postOf('botruong')
    const on = (at: number, kindCode: string | null) => delegationFor(db.sql, person, post, { kindCode }, at)
    expect(await on(Date.now() + 3_600_000, 'CV')).toMatchObject({ kind: 'TUQ' })
    expect(await on(Date.now() + 3_600_000, 'QD')).toBeNull()
    expect(await on(Date.now() + 3_600_000, null)).toBeNull()
    expect(await on(Date.now() - 3 * 86_400_000, 'CV')).toBeNull()
    expect(await on(Date.now() + 12 * 86_400_000, 'CV')).toBeNull()
  })

  it('is refused where the decree does not allow it', async () => {
    const actor = await administrator()
    const refused = async (over: object) =>
      giveDelegation(db, actor, await given(over)).then(
        () => 'given',
        (error: { code: string }) => error.code,
      )
    expect(await refused({ kind: 'TUQ' })).toBe('delegation-end')
    expect(await refused({ validUntil: day(-9) })).toBe('delegation-days')
    expect(await refused({ toPerson: await idOf('botruong') })).toBe('delegation-self')
    expect(await refused({ toPerson: await idOf('kh.cv') })).toBe('delegation-decree')
    expect(await refused({ kind: 'TL', fromPost: await postOf('kh.truong') })).toBe('delegation-decree')
    expect(await refused({ toPerson: 'nobody' })).toBe('not-found')
  })
})

import type { LoaderFunctionArgs } from '@remix-run/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { requireUsable } from '#db/certificates.ts'
import { delegationFor } from '#db/delegations.ts'
import { keptTrust } from '#db/trust.ts'
import { toPem } from '#signing/certificates/certificate.ts'
import { TestAuthority, type KeyedCertificate } from '#signing/test-authority/test-authority.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { strokesPng } from '#test/fixtures/png.ts'
import { refusalIn } from '../refusal.ts'
import * as home from '../routes/_app._index.tsx'
import * as authorities from '../routes/_app.administration.authorities.tsx'
import * as certificates from '../routes/_app.administration.certificates.tsx'
import * as imageOf from '../routes/_app.administration.certificates_.$certificateId.image.ts'
import * as delegations from '../routes/_app.administration.delegations.tsx'
import type { ReadCertificate } from './certificate-upload.server.ts'

let office: OfficeAtWork
let db: OfficeAtWork['db']
const authority = TestAuthority.create()
let person: KeyedCertificate

beforeAll(async () => {
  office = await officeAtWork()
  db = office.db
  person = authority.issueWithKey({ commonName: 'Người tmdtHead', organisation: 'Bộ TEST' }, 'p-256')
})
afterAll(() => office.close())
afterEach(() => vi.unstubAllEnvs())

type Fields = Record<string, string | string[] | File>
type Action = (args: ReturnType<OfficeAtWork['asking']>) => unknown

/** Sends a form as somebody; what came of it, and the code of a refusal. */
async function send(action: Action, fields: Fields, by = 'admin') {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, one)
  const { status, data } = await answerOf(action(office.asking(by, '/', {}, form)))
  return { status, data, code: refusalIn(data)?.code }
}

const file = (bytes: Uint8Array | string, name = 'chung-thu.pem') => new File([bytes as BlobPart], name)
const rootPem = () => toPem('CERTIFICATE', authority.root.certificate.der)
const lastAct = async () => {
  const [row] = await db.sql<
    { act: string; data: object }[]
  >`select act, data from audit_events order by seq desc limit 1`
  return row
}
const personOf = (name: string) => office.who(name).viewer.personId

describe('whose work it is', () => {
  const pages = { authorities, certificates, delegations }
  it.each(Object.entries(pages))('%s: the administrator’s, to see and to change', async (_, page) => {
    for (const name of ['admin', 'clerk', 'minister', 'tmdtHead', 'tmdtSpecialist']) {
      const seen = await answerOf(page.loader(office.asking(name, '/')))
      const sent = await send(page.action as Action, { do: 'nothing' }, name)
      const isAdministrator = name === 'admin'
      expect({ name, seen: seen.status, mayChange: sent.code !== 'not-permitted' }).toEqual({
        name,
        seen: isAdministrator ? 200 : 403,
        mayChange: isAdministrator,
      })
    }
  })
})

describe('authorities', () => {
  it('are shown for what they are before anybody trusts them', async () => {
    const both = rootPem() + toPem('CERTIFICATE', authority.issuing.certificate.der)
    const { data } = await send(authorities.action as Action, { do: 'read', file: file(both) })
    const { read } = data as { read: ReadCertificate[] }
    expect(read).toMatchObject([
      { isRoot: true, isCa: true, saysTest: true, fingerprint: authority.root.certificate.fingerprint },
      { isRoot: false, isCa: true, saysTest: true },
    ])
    expect((await keptTrust(db)).roots).toEqual([])

    const believed = await send(authorities.action as Action, { do: 'believe', der: read.map((one) => one.der) })
    expect(believed.data).toEqual({ done: 'believed' })
    expect(await keptTrust(db)).toMatchObject({ roots: [{ isTest: true }], intermediates: [expect.anything()] })
    expect(await lastAct()).toMatchObject({ act: 'trust.authorityAdded', data: { isTest: true } })
    expect((await send(authorities.action as Action, { do: 'believe', der: read.map((one) => one.der) })).code).toBe(
      'already-trusted',
    )
  })

  it('are taken from DER too, and from nothing else', async () => {
    const other = TestAuthority.create()
    const readFile = (bytes: Uint8Array | string) =>
      send(authorities.action as Action, { do: 'read', file: file(bytes) })
    expect((await readFile(other.root.certificate.der)).status).toBe(200)
    expect((await readFile('not a certificate')).code).toBe('certificate-unreadable')
    expect((await readFile('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')).code).toBe(
      'certificate-unreadable',
    )
    expect((await readFile(Buffer.alloc(200_000))).code).toBe('certificate-unreadable')
    expect((await readFile('')).code).toBe('certificate-missing')
    expect((await readFile(person.certificate.der)).code).toBe('certificate-no-authority')
    const sneaked = { do: 'believe', der: person.certificate.der.toString('base64') }
    expect((await send(authorities.action as Action, sneaked)).code).toBe('certificate-no-authority')
  })

  it('of a test are refused in production, and not believed there when they are on the list', async () => {
    const other = TestAuthority.create().root.certificate.der.toString('base64')
    vi.stubEnv('NODE_ENV', 'production')
    expect((await send(authorities.action as Action, { do: 'believe', der: other })).code).toBe('test-authority')
    expect((await keptTrust(db)).roots).toEqual([])
  })

  it('leave the list when they are taken off, and their signed files are checked again', async () => {
    const before = await keptTrust(db)
    const { data } = await answerOf(authorities.loader(office.asking('admin', '/')))
    const { anchors } = data as { anchors: { id: string; role: string }[] }
    const root = anchors.find(({ role }) => role === 'root')!
    await db.sql`insert into files (sha256, size, media_type, created_at) values ('ab', 1, 'application/pdf', now())`
    await db.sql`insert into verifications (sha256, verdict, is_test, signatures, report, evidence, trust_state, verified_at)
      values ('ab', 'valid', true, 1, '{"signatures":[]}', '{}', ${before.state}, now())`
    expect((await send(authorities.action as Action, { do: 'disbelieve', id: root.id })).data).toEqual({
      done: 'disbelieved',
    })
    const after = await keptTrust(db)
    expect(after.roots).toEqual([])
    expect(after.state).not.toBe(before.state)
    expect(await db.sql`select sha256 from verification_queue where sha256 = 'ab'`).toHaveLength(1)
    expect((await send(authorities.action as Action, { do: 'disbelieve', id: root.id })).code).toBe('not-found')
  })

  it('have services that an administrator names, by an address that is one', async () => {
    const add = (url: string, kind = 'ocsp') => send(authorities.action as Action, { do: 'addService', kind, url })
    expect((await add('http://ocsp.example/ocsp')).data).toEqual({ done: 'serviceAdded' })
    expect((await keptTrust(db)).ocspUrls).toEqual(['http://ocsp.example/ocsp'])
    for (const url of ['ftp://x.example', 'javascript:alert(1)', 'http://a:b@x.example/', 'x', ''])
      expect({ url, code: (await add(url)).code }).toEqual({ url, code: 'service-address' })
    expect((await add('http://x.example/', 'other')).code).toBe('form-malformed')
  })
})

describe('certificates', () => {
  const enter = (holder: string) =>
    send(certificates.action as Action, { do: 'enter', der: person.certificate.der.toString('base64'), holder })

  it('are registered for their holder, and stopped at once when the token is lost', async () => {
    expect((await enter('nobody')).code).toBe('holder-unknown')
    expect((await enter('tmdtHead')).data).toEqual({ done: 'entered' })
    expect((await enter('TMDT')).code).toBe('certificate-known')
    const holder = { personId: personOf('tmdtHead') }
    const line = await requireUsable(db.sql, person.certificate.fingerprint, holder)

    const act = (what: string, reason = 'Mất thiết bị') =>
      send(certificates.action as Action, { do: what, id: line.id, reason })
    expect((await act('suspend', '')).code).toBe('reason-missing')
    expect((await act('suspend')).data).toEqual({ done: 'suspended' })
    await expect(requireUsable(db.sql, line.fingerprint, holder)).rejects.toMatchObject({
      code: 'certificate-suspended',
    })
    expect(await lastAct()).toMatchObject({
      act: 'certificate.stateChanged',
      data: { to: 'suspended', reason: 'Mất thiết bị' },
    })
    expect((await act('resume', 'Đã tìm thấy')).data).toEqual({ done: 'active' })
    await expect(requireUsable(db.sql, line.fingerprint, holder)).resolves.toBeTruthy()
    expect((await act('revoke')).data).toEqual({ done: 'revoked' })
    expect((await act('resume', 'Nhầm lẫn')).code).toBe('certificate-revoked')
  })

  it('have an image that is drawn where they sign, and nothing that cannot be drawn', async () => {
    const other = authority.issueWithKey({ commonName: 'Người xnkHead' }, 'p-256')
    const der = other.certificate.der.toString('base64')
    await send(certificates.action as Action, { do: 'enter', der, holder: 'xnkHead' })
    const { id } = await requireUsable(db.sql, other.certificate.fingerprint, { personId: personOf('xnkHead') })
    const keep = (bytes: Uint8Array, by?: string) =>
      send(certificates.action as Action, { do: 'image', id, image: file(bytes, 'ky.png') }, by)
    const look = (by: string) =>
      answerOf(imageOf.loader(office.asking(by, '/', { certificateId: id }) as LoaderFunctionArgs))

    expect((await look('admin')).status).toBe(404)
    for (const wrong of [Buffer.from('<svg/>'), strokesPng(10, 10), strokesPng(60, 40).subarray(0, 80)])
      expect((await keep(wrong)).code).toBe('image-unreadable')
    expect((await keep(strokesPng(60, 40), 'clerk')).code).toBe('not-permitted')
    expect((await keep(strokesPng(60, 40))).data).toEqual({ done: 'image' })
    expect(await lastAct()).toMatchObject({ act: 'certificate.imageChanged', data: { certificate: id } })
    expect((await look('admin')).status).toBe(200)
    expect((await look('xnkHead')).status).toBe(403)
    expect((await send(certificates.action as Action, { do: 'removeImage', id })).data).toEqual({ done: 'noImage' })
    expect((await look('admin')).status).toBe(404)
  })

  it('of authorities, and such that have ended, are nobody’s to sign with', async () => {
    const issuing = authority.issuing.certificate.der.toString('base64')
    const asHolder = (der: string) => send(certificates.action as Action, { do: 'enter', der, holder: 'pcHead' })
    expect((await asHolder(issuing)).code).toBe('certificate-no-signer')
    const ended = authority.issueWithKey({ commonName: 'Người pcHead' }, 'p-256', {
      notAfter: new Date(Date.now() - 1),
    })
    expect((await asHolder(ended.certificate.der.toString('base64'))).code).toBe('certificate-expired')
  })

  it('are found by name and state, and warned of where administrators begin their day', async () => {
    const soon = authority.issueWithKey({ commonName: 'Người pcHead', organisation: 'Bộ TEST' }, 'p-256', {
      notAfter: new Date(Date.now() + 20 * 86_400_000),
    })
    await send(certificates.action as Action, {
      do: 'enter',
      der: soon.certificate.der.toString('base64'),
      holder: 'pcHead',
    })
    const list = async (search: string) => {
      const { data } = await answerOf(certificates.loader(office.asking('admin', `/x${search}`)))
      return (data as { certificates: { holder: string }[] }).certificates.map(({ holder }) => holder)
    }
    expect(await list('?find=nguoi+pchead')).toEqual(['Người pcHead'])
    expect(await list('?state=expiring')).toEqual(['Người pcHead'])
    expect(await list('?state=revoked')).toEqual(['Người tmdtHead'])
    expect(await list('?of=organisation')).toEqual([])
    const expiring = async (name: string) => {
      const { data } = await answerOf(home.loader(office.asking(name, '/')))
      return (data as { expiring: number }).expiring
    }
    expect([await expiring('admin'), await expiring('pcHead')]).toEqual([1, 0])
  })
})

describe('delegations', () => {
  const give = (more: Fields = {}) =>
    send(delegations.action as Action, {
      fromPost: office.who('minister').viewer.postId,
      toPerson: personOf('deputy'),
      kind: 'KT',
      validFrom: '2026-01-01',
      validUntil: '',
      basis: 'Quyết định 01/QĐ-BCT',
      ...more,
    })
  const at = Date.parse('2026-06-01T03:00:00Z')
  const found = (kindCode = 'CV') =>
    delegationFor(db.sql, personOf('deputy'), office.who('minister').viewer.postId, { kindCode }, at)

  it('are given by the decree’s rules, and withdrawn with a reason', async () => {
    expect((await give({ kind: 'TUQ' })).code).toBe('delegation-end')
    expect((await give({ toPerson: personOf('pcSpecialist') })).code).toBe('delegation-decree')
    expect((await give({ basis: '' })).code).toBe('form-incomplete')
    expect((await give({ kindCode: ['CV', 'unknown'] })).data).toEqual({ done: 'given' })
    expect(await found()).toMatchObject({ kind: 'KT' })
    expect(await found('TB')).toBeNull()

    const { data } = await answerOf(delegations.loader(office.asking('admin', '/')))
    const [line] = (data as { delegations: { id: string; kindCodes: string[] }[] }).delegations
    expect(line!.kindCodes).toEqual(['CV'])
    const withdraw = (reason: string) => send(delegations.action as Action, { do: 'withdraw', id: line!.id, reason })
    expect((await withdraw('')).code).toBe('form-incomplete')
    expect((await withdraw('Đổi phân công')).data).toEqual({ done: 'withdrawn' })
    expect(await found()).toBeNull()
    expect(await lastAct()).toMatchObject({ act: 'delegation.withdrawn', data: { reason: 'Đổi phân công' } })
    expect((await withdraw('Lần nữa')).code).toBe('not-found')
  })
})

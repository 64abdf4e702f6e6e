import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { receiveArrival, type ArrivingFile } from '#db/arrivals.ts'
import { filesOf } from '#db/task-page.ts'
import { addAnchor, placeTestServices } from '#db/trust.ts'
import {
  askVerification,
  keepVerification,
  keptEvidence,
  takeFileToVerify,
  verifiedFiles,
  verifyAllAgain,
  type VerifiedFile,
} from '#db/verifications.ts'
import { incrementalSaving } from '#signing/attacks.fixture.ts'
import { contentOf } from '#signing/certificates/content.ts'
import { keyInMemory } from '#signing/keys/pkcs12.ts'
import { LETTERS, openOffice, signWith, type Office } from '#signing/signing.fixture.ts'
import type { KeyedCertificate } from '#signing/test-authority/test-authority.ts'
import type { FileReport } from '#signing/verify/report.ts'
import { signXml } from '#signing/xml/sign-xml.ts'
import { until } from '#test/fixtures/until.ts'
import { createLog } from './log.ts'
import { createMinistry, type Ministry } from './ministry.fixture.ts'
import { startVerifier, verifyNext } from './verify-files.ts'

const log = createLog('test', 'silent')
let ministry: Ministry
let office: Office
let person: KeyedCertificate
let signed: Buffer

beforeAll(async () => {
  ministry = await createMinistry()
  office = await openOffice()
  const { root, issuing } = office.authority
  const { sql } = ministry.db
  await addAnchor(sql, null, { ...contentOf(root.certificate), role: 'root', isTest: true })
  await addAnchor(sql, null, { ...contentOf(issuing.certificate), role: 'intermediate', isTest: true })
  await placeTestServices(sql, [
    { kind: 'time-stamp', url: office.server.timeStampUrl },
    { kind: 'ocsp', url: office.server.ocspUrl },
    { kind: 'crl', url: office.server.crlUrl },
    { kind: 'crl', url: office.server.rootCrlUrl },
  ])
  person = office.authority.issueWithKey({ commonName: 'Nguyễn Văn An', organisation: 'VPCP TEST' }, 'p-256')
  signed = await signWith(office, LETTERS.tagged(), person, { level: 'T' })
})
afterAll(async () => {
  await ministry?.close()
  await office?.close()
})

const pdf = (content: Uint8Array, name = 'cong-van.pdf'): ArrivingFile => ({
  name,
  mediaType: 'application/pdf',
  content,
})

/** A letter comes over the exchange. */
async function arrive(files: ArrivingFile[], raw: Uint8Array = Buffer.from(`<edXML id="${randomUUID()}"/>`)) {
  const { documentId } = await receiveArrival(
    ministry.db,
    ministry.files,
    {
      from: { organId: '000.00.00.G22', name: 'Văn phòng Chính phủ' },
      exchangeDocumentId: randomUUID(),
      number: '1',
      notation: 'VPCP-KTTH',
      kindName: 'Công văn',
      subject: 'Thử',
      issuedOn: '2026-11-20',
      signer: { name: '', position: '', competence: '' },
      dueOn: null,
      priority: 0,
      pageCount: null,
      copies: null,
      recipients: [],
      bussinessDocType: 0,
      files,
    },
    { transportId: randomUUID(), raw },
  )
  return documentId!
}

/** Everything that waits is checked, as the worker does it. */
async function verifyWaiting() {
  while (await verifyNext({ db: ministry.db, files: ministry.files, log }));
}

async function checkOf(documentId: string, role: VerifiedFile['role'] = 'main') {
  const file = (await verifiedFiles(ministry.db, documentId)).find((one) => one.role === role)
  return { ...file!, report: file?.check?.report as FileReport | undefined }
}

describe('a file that comes in', () => {
  it('waits to be checked from the moment it is there, and is checked with its evidence kept', async () => {
    const documentId = await arrive([pdf(signed)])
    expect(await checkOf(documentId)).toMatchObject({ waiting: true, check: null })

    await verifyWaiting()

    const { check, waiting, report, sha256 } = await checkOf(documentId)
    expect({ waiting, verdict: check?.verdict, isTest: check?.isTest, outdated: check?.outdated }).toEqual({
      waiting: false,
      verdict: 'valid',
      isTest: true,
      outdated: false,
    })
    expect(report?.signatures[0]).toMatchObject({ signer: { name: 'Nguyễn Văn An' }, time: { source: 'time-stamp' } })
    const [onTheTask] = await filesOf(ministry.db, documentId)
    expect(onTheTask!.signed).toEqual({ verdict: 'valid', isTest: true })
    const evidence = await keptEvidence(ministry.db, sha256)
    expect(evidence.certificates.length).toBeGreaterThanOrEqual(3)
    expect(evidence.ocsps.length + evidence.crls.length).toBeGreaterThanOrEqual(2)
  })

  it('is checked once, however often it comes', async () => {
    const documentId = await arrive([pdf(signed)])
    const { waiting, check } = await checkOf(documentId)
    expect({ waiting, verdict: check?.verdict }).toEqual({ waiting: false, verdict: 'valid' })
  })

  it('is said to be changed where it was, and what was', async () => {
    const documentId = await arrive([pdf(incrementalSaving['a stamp over the page']!(signed))])
    await verifyWaiting()
    const { check, report } = await checkOf(documentId)
    expect(check?.verdict).toBe('invalid')
    expect(report?.signatures[0]!.changesAfter).toContainEqual(expect.objectContaining({ permitted: false, page: 1 }))
  })

  it('stops nothing when it cannot be read, is encrypted, unsigned or too large', async () => {
    const encrypted = Buffer.from(
      LETTERS.tagged().toString('latin1').replace('/Root', '/Encrypt 1 0 R /Root'),
      'latin1',
    )
    const large = Buffer.alloc(66 * 1024 * 1024, 32)
    LETTERS.tagged().copy(large)
    const cases: [Buffer, string, RegExp][] = [
      [Buffer.from(`%PDF-1.7 ${randomUUID()}`), 'unknown', /không đọc được/],
      [encrypted, 'unknown', /mã hóa/],
      [LETTERS.tagged(), 'unsigned', /không có chữ ký số/],
      [large, 'unknown', /Tệp lớn \(70 MB\)/],
    ]
    for (const [content, verdict, sentence] of cases) {
      const documentId = await arrive([pdf(content)])
      await verifyWaiting()
      const { check, report } = await checkOf(documentId)
      expect({ verdict: check?.verdict, sentence: report?.sentence.vi }).toEqual({
        verdict,
        sentence: expect.stringMatching(sentence) as string,
      })
    }
  })

  it('is verified also when the message itself is signed', async () => {
    const organ = office.authority.issueWithKey({ commonName: 'VPCP TEST', organisation: 'VPCP TEST' }, 'p-256')
    const message = await signXml(
      `<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><x>${randomUUID()}</x></edXML>`,
      keyInMemory(organ.certificate, organ.key),
      'thông điệp',
      [office.authority.issuing.certificate],
    )
    const whole = await arrive([pdf(signed)], Buffer.from(message))
    const altered = await arrive([pdf(signed)], Buffer.from(message.replace('<x>', '<x>1')))
    await verifyWaiting()
    expect((await checkOf(whole, 'message')).check).toMatchObject({ verdict: 'valid', signatures: 1 })
    expect((await checkOf(altered, 'message')).check).toMatchObject({ verdict: 'invalid' })
  })

  it('is given up in words when checking it fails again and again', async () => {
    const content = Buffer.concat([LETTERS.streams(), Buffer.from(`\n% ${randomUUID()}`)])
    const documentId = await arrive([pdf(content)])
    const { sha256 } = await checkOf(documentId)
    await ministry.db.sql`update verification_queue set tried = 3 where sha256 = ${sha256}`
    await verifyWaiting()
    const { check, report } = await checkOf(documentId)
    expect(check?.verdict).toBe('unknown')
    expect(report?.sentence.vi).toContain('sau nhiều lần thử')
  })
})

describe('a service that does not answer', () => {
  it('leaves the result open, and is asked again by itself later', async () => {
    const { sql } = ministry.db
    const stamped = await signWith(office, LETTERS.streams(), person, { level: 'T' })
    await sql`update trust_services set url = replace(url, '127.0.0.1', '127.0.0.2')`
    const documentId = await arrive([pdf(stamped)])
    await verifyWaiting()
    const open = await checkOf(documentId)
    expect({ verdict: open.check?.verdict, waiting: open.waiting }).toEqual({ verdict: 'unknown', waiting: false })

    await sql`update trust_services set url = replace(url, '127.0.0.2', '127.0.0.1')`
    const [put] = await sql<{ minutes: number }[]>`
      select extract(epoch from not_before - clock_timestamp())::float8 / 60 as minutes from verification_queue where sha256 = ${open.sha256}`
    expect(put!.minutes).toBeGreaterThan(8)
    await sql`update verification_queue set not_before = clock_timestamp() where sha256 = ${open.sha256}`
    await verifyWaiting()
    expect((await checkOf(documentId)).check?.verdict).toBe('valid')
    expect(await sql`select 1 from verification_queue where sha256 = ${open.sha256}`).toHaveLength(0)
  })
})

describe('a file that was checked', () => {
  it('is checked anew for who asked while it was being checked', async () => {
    const { db, as } = ministry
    const documentId = await arrive([pdf(signed)])
    const { sha256 } = await checkOf(documentId)
    await askVerification(db, as.clerk, documentId, sha256)
    const taken = (await takeFileToVerify(db))!
    await askVerification(db, as.clerk, documentId, sha256)
    const old = {
      verdict: 'unknown',
      isTest: false,
      signatures: 0,
      report: { signatures: [] },
      trustState: '',
    } as const
    const evidence = { certificates: [], ocsps: [], crls: [] }
    expect(await keepVerification(db, { ...old, evidence, sha256, asking: taken.asking })).toBe(false)
    expect((await checkOf(documentId)).waiting).toBe(true)
    await verifyWaiting()
    expect((await checkOf(documentId)).check?.verdict).toBe('valid')
  })

  it('is checked again by what it came with when nobody answers any more, and the first result stays', async () => {
    const documentId = await arrive([pdf(signed)])
    const before = await checkOf(documentId)
    await ministry.db.sql`update trust_services set removed_at = clock_timestamp() where kind <> 'time-stamp'`
    await askVerification(ministry.db, ministry.as.clerk, documentId, before.sha256)
    expect((await checkOf(documentId)).waiting).toBe(true)

    await verifyWaiting()

    const { check, report } = await checkOf(documentId)
    expect(check?.verdict).toBe('valid')
    expect(check?.firstAt).toBe(before.check?.firstAt)
    expect(check?.at).toBeGreaterThan(before.check!.at)
    expect(report?.signatures[0]!.revocation.origin).toBe('kept')
  })

  it('is nobody’s to ask about who may not see the document', async () => {
    const documentId = await arrive([pdf(signed)])
    const { sha256 } = await checkOf(documentId)
    const { db, as } = ministry
    await expect(askVerification(db, as.specialist, documentId, sha256)).rejects.toMatchObject({ code: 'not-found' })
    await expect(askVerification(db, as.clerk, documentId, 'f'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says that its certificate was stopped since, and that the trust list was changed', async () => {
    const documentId = await arrive([pdf(signed)])
    const { sql } = ministry.db
    const [someone] = await sql<{ id: string }[]>`select id from persons limit 1`
    const own = contentOf(person.certificate)
    await sql`insert into certificates (person_id, name, subject, issuer, serial, fingerprint, der, not_before, not_after, kept_on, state,
        state_reason, state_since, added_at)
      values (${someone!.id}, ${own.name}, ${own.subject}, ${own.issuer}, ${own.serial}, ${own.fingerprint}, ${own.der},
        clock_timestamp(), clock_timestamp(), 'token', 'suspended', 'Mất thiết bị', clock_timestamp(), clock_timestamp())`
    await sql`update trust_anchors set removed_at = clock_timestamp() where role = 'root'`
    const { check } = await checkOf(documentId)
    expect(check).toMatchObject({ outdated: true, stopped: [{ state: 'suspended', reason: 'Mất thiết bị' }] })

    expect((await filesOf(ministry.db, documentId))[0]!.signed).toEqual({ verdict: 'unknown', isTest: true })

    await verifyAllAgain(ministry.db)
    await verifyWaiting()
    const again = await checkOf(documentId)
    expect(again.check).toMatchObject({ verdict: 'unknown', outdated: false })
  })
})

describe('the worker', () => {
  it('begins by itself when something comes, and two never check the same', async () => {
    const content = Buffer.concat([LETTERS.streams(), Buffer.from(`\n% ${randomUUID()}`)])
    const verifier = await startVerifier({ db: ministry.db, files: ministry.files, log })
    const documentId = await arrive([pdf(content)])
    await until('the file to be checked', async () => (await checkOf(documentId)).check)
    await verifier.stop()

    const other = Buffer.concat([content, Buffer.from('%')])
    await arrive([pdf(other)], Buffer.from('<edXML/>'))
    const taken = await Promise.all([takeFileToVerify(ministry.db), takeFileToVerify(ministry.db)])
    const names = taken.flatMap((one) => (one ? [one.sha256] : []))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(0)
  })
})

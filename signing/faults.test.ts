import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embed } from './embed.ts'
import { gatherEvidence, type EvidenceServices } from './evidence.ts'
import { keyInMemory } from './keys/pkcs12.ts'
import { prepare, type SignatureRequest } from './prepare.ts'
import type { PreparedSignature, SignatureEvidence, SignatureLevel, SignatureValue } from './prepared.ts'
import { httpRevocationSource } from './services/revocation-source.ts'
import { signPrepared } from './sign.ts'
import { LETTERS, openOffice, signWith, type Office, type Signer } from './signing.fixture.ts'
import { issueCertificate, type CertificateRequest } from './test-authority/issue-certificate.ts'
import { newKey, TestAuthority } from './test-authority/test-authority.ts'
import { stampWrongly } from './test-authority/time-stamp-answer.ts'
import { verifyPdf } from './verify/verify-pdf.ts'

const DAY = 24 * 3_600_000
const ago = (days: number) => new Date(Date.now() - days * DAY)

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(async () => {
  await office?.close()
})

const signer = (options: Partial<CertificateRequest> = {}) =>
  office.authority.issueWithKey({ commonName: 'TEST Nguyễn Văn An' }, 'p-256', options)

async function verdict(bytes: Buffer, services: EvidenceServices = office.services) {
  const report = await verifyPdf(bytes, { trust: services.trust, revocation: services.revocation })
  const [first] = report.signatures
  return { verdict: report.verdict, codes: first!.reasons.map((one) => one.code), at: first!.certificateAtSigning }
}

/** Signs although the certificate is none to sign with: as somebody else's program would. */
async function signAnyway(who: Signer, at = new Date(), level: SignatureLevel = 'B'): Promise<Buffer> {
  const fair = {
    ...who.certificate,
    notBefore: new Date(0),
    notAfter: new Date(8.64e15),
    isCa: false,
    keyUsage: undefined,
  }
  const chain = [office.authority.issuing.certificate]
  const request: SignatureRequest = { certificate: fair, chain, level, role: 'person', at }
  const { bytes, prepared } = prepare(LETTERS.tagged(), request)
  const value = await signPrepared(prepared, keyInMemory(who.certificate, who.key), 'thư.pdf')
  return embed(bytes, prepared, await gatherEvidence(prepared, value, office.services))
}

describe('a certificate that may not be relied on', () => {
  it('had expired', async () => {
    const expired = signer({ notBefore: ago(400), notAfter: ago(2) })
    expect(await verdict(await signAnyway(expired))).toMatchObject({
      verdict: 'invalid',
      codes: ['expired'],
      at: 'expired',
    })
    expect(() =>
      prepare(LETTERS.tagged(), { certificate: expired.certificate, level: 'B', role: 'person', at: new Date() }),
    ).toThrow(/certificate-expired/)
  })

  it('expired since, and nobody proves that the signature is older', async () => {
    const expired = signer({ notBefore: ago(400), notAfter: ago(2) })
    const report = await verdict(await signAnyway(expired, ago(10)))
    expect(report).toMatchObject({ verdict: 'unknown', codes: ['expired-since'] })
  })

  it('was not yet valid', async () => {
    const early = signer({ notBefore: new Date(Date.now() + 5 * DAY), notAfter: new Date(Date.now() + 50 * DAY) })
    expect(await verdict(await signAnyway(early))).toMatchObject({ verdict: 'invalid', at: 'not-yet-valid' })
  })

  it('was issued for another use', async () => {
    for (const options of [
      { keyUsage: ['keyEncipherment' as const] },
      { extendedKeyUsage: { oids: ['1.3.6.1.5.5.7.3.1'] } },
      { ca: {} },
    ])
      expect(await verdict(await signAnyway(signer(options)))).toMatchObject({
        verdict: 'invalid',
        codes: ['wrong-use'],
      })
  })

  it('is signed weakly, or has a weak key', async () => {
    expect(await verdict(await signAnyway(signer({ digest: 'sha1' })))).toMatchObject({
      verdict: 'invalid',
      codes: ['weak-algorithm'],
    })
    const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const certificate = office.authority.issue({ commonName: 'TEST' }, createPublicKey(key))
    expect(await verdict(await signAnyway({ certificate, key }))).toMatchObject({
      verdict: 'invalid',
      codes: ['weak-algorithm'],
    })
  })

  it('comes from an authority that nobody here knows', async () => {
    const elsewhere = await openOffice(TestAuthority.create())
    const stranger = elsewhere.authority.issueWithKey({ commonName: 'TEST' }, 'p-256')
    const bytes = await signWith(elsewhere, LETTERS.streams(), stranger, { level: 'LT' })
    await elsewhere.close()
    const report = await verdict(bytes)
    expect(report).toMatchObject({ verdict: 'unknown', at: 'untrusted' })
    expect(report.codes).toContain('untrusted')
  })

  it('was issued by somebody who may not issue', async () => {
    const person = signer()
    const key = newKey('p-256')
    const certificate = issueCertificate(
      {
        subject: { commonName: 'TEST giả' },
        publicKey: createPublicKey(key),
        notBefore: ago(1),
        notAfter: new Date(Date.now() + DAY),
      },
      person,
    )
    const { bytes, prepared } = prepare(LETTERS.tagged(), {
      certificate,
      chain: [person.certificate, office.authority.issuing.certificate],
      level: 'B',
      role: 'person',
      at: new Date(),
    })
    const value = await signPrepared(prepared, keyInMemory(certificate, key), 'thư.pdf')
    const forged = embed(bytes, prepared, await gatherEvidence(prepared, value, office.services))
    const report = await verdict(forged)
    expect(report.verdict).toBe('invalid')
    expect(report.codes).toContain('not-an-authority')
  })

  it('insists on a condition that nobody here knows', async () => {
    expect((await verdict(await signAnyway(signer({ unknownCritical: true })))).verdict).toBe('unknown')
  })

  it('was revoked before, and after with a time stamp that proves it', async () => {
    const lost = signer()
    const before = await signWith(office, LETTERS.tagged(), lost, { level: 'LT' })
    const unproven = await signWith(office, LETTERS.tagged(), lost, { at: ago(0.5) })
    office.authority.revoke(lost.certificate, new Date(Date.now() + 1100))
    office.authority.now = () => new Date(Date.now() + 2000)
    try {
      // The stamp is older than the revocation: good for ever.
      expect((await verdict(before)).verdict).toBe('valid')
      const later = {
        trust: office.services.trust,
        revocation: office.services.revocation,
        now: new Date(Date.now() + 5000),
      }
      const [told] = (await verifyPdf(unproven, later)).signatures
      expect({ verdict: told!.verdict, codes: told!.reasons.map((one) => one.code) }).toEqual({
        verdict: 'unknown',
        codes: ['revoked-since'],
      })
      const after = await signAnyway(lost, new Date(Date.now() + 3000))
      const [worse] = (await verifyPdf(after, later)).signatures
      expect({ verdict: worse!.verdict, at: worse!.certificateAtSigning }).toEqual({
        verdict: 'invalid',
        at: 'revoked',
      })
    } finally {
      office.authority.now = () => new Date()
    }
  })
})

describe('a service that fails or lies', () => {
  const servers: Server[] = []
  afterAll(() => servers.forEach((server) => server.close()))

  async function answering(answer: (body: Buffer) => Buffer | number): Promise<string> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const body = answer(Buffer.concat(parts))
        if (typeof body === 'number') response.writeHead(body).end()
        else response.end(body)
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  async function prepared(level: SignatureLevel) {
    const who = signer()
    const made = prepare(LETTERS.tagged(), {
      certificate: who.certificate,
      chain: [office.authority.issuing.certificate],
      level,
      role: 'person',
      at: new Date(),
    })
    return { ...made, value: await signPrepared(made.prepared, keyInMemory(who.certificate, who.key), 'thư.pdf') }
  }

  it('costs a repeat and no second signature', async () => {
    const { bytes, prepared: what, value } = await prepared('T')
    const broken = { ...office.services, timeStamp: { url: await answering(() => 503) } }
    await expect(gatherEvidence(what, value, broken)).rejects.toMatchObject({
      code: 'time-stamp-unavailable',
      status: 503,
    })
    const evidence = await gatherEvidence(what, value, office.services)
    expect((await verdict(embed(bytes, what, evidence))).verdict).toBe('valid')
  })

  it('is not believed when it stamps something else, at another time, or is nobody that is trusted', async () => {
    const { prepared: what, value } = await prepared('T')
    const { authority } = office
    const other = TestAuthority.create()
    const late = new Date(Date.now() + DAY)
    const lies: [string, (body: Buffer) => Buffer][] = [
      ['something else', () => stampWrongly(new Date(), authority.timeStamping)],
      ['no answer at all', () => Buffer.from('<html>')],
      [
        'by a person',
        (body) => {
          const person = signer()
          return TestAuthority.restore({ ...authority.state(), timeStamp: keyed(person) }).answerTimeStamp(body)
        },
      ],
      ['by a stranger', (body) => other.answerTimeStamp(body)],
      [
        'tomorrow',
        (body) => {
          const wrong = TestAuthority.restore(authority.state())
          wrong.now = () => late
          return wrong.answerTimeStamp(body)
        },
      ],
    ]
    for (const [label, lie] of lies) {
      const services = { ...office.services, timeStamp: { url: await answering(lie) } }
      await expect(gatherEvidence(what, value, services), label).rejects.toMatchObject({ code: 'time-stamp-wrong' })
    }
  })

  it('does not make a certificate good when the wrong one answers for it', async () => {
    const { prepared: what, value } = await prepared('LT')
    const other = TestAuthority.create()
    for (const answer of [
      (body: Buffer) => other.answerOcsp(body),
      () => Buffer.from('no'),
      () => 500,
      // An answer of ours, about somebody else.
      () => office.authority.crl(),
    ]) {
      const revocation = httpRevocationSource({ ocsp: [await answering(answer)], crls: [] })
      await expect(gatherEvidence(what, value, { ...office.services, revocation })).rejects.toMatchObject({
        code: 'revocation-unavailable',
      })
    }
  })

  it('leaves a verification open instead of good', async () => {
    const bytes = await signWith(office, LETTERS.tagged(), signer())
    const revocation = httpRevocationSource({ ocsp: [await answering(() => 500)], crls: [await answering(() => 404)] })
    expect(await verdict(bytes, { trust: office.services.trust, revocation })).toMatchObject({
      verdict: 'unknown',
      codes: ['revocation-unknown'],
    })
  })
})

describe('a kill between two stages', () => {
  it('leaves what JSON and bytes carry over', async () => {
    const who = signer()
    const made = prepare(LETTERS.linearised(), {
      certificate: who.certificate,
      chain: [office.authority.issuing.certificate],
      level: 'LT',
      role: 'person',
      at: new Date(),
    })
    const kept = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T
    const what: PreparedSignature = kept(made.prepared)
    const value: SignatureValue = kept(await signPrepared(what, keyInMemory(who.certificate, who.key), 'thư.pdf'))
    const evidence: SignatureEvidence = kept(await gatherEvidence(what, value, office.services))
    const first = embed(made.bytes, what, evidence)
    expect(embed(Buffer.from(made.bytes), what, evidence).equals(first)).toBe(true)
    expect((await verdict(first)).verdict).toBe('valid')
  })

  it('never joins a signature with another version of the document', async () => {
    const who = signer()
    const request = { certificate: who.certificate, level: 'B', role: 'person', at: new Date() } as const
    const one = prepare(LETTERS.tagged(), request)
    const two = prepare(LETTERS.streams(), request)
    const key = keyInMemory(who.certificate, who.key)
    const value = await signPrepared(one.prepared, key, 'thư.pdf')
    await expect(gatherEvidence(two.prepared, value, office.services)).rejects.toMatchObject({ code: 'other-document' })
    const evidence = await gatherEvidence(one.prepared, value, office.services)
    expect(() => embed(two.bytes, two.prepared, evidence)).toThrow(/other-document/)
    expect(() => embed(LETTERS.tagged(), one.prepared, evidence)).toThrow(/other-document/)
    const stranger = signer()
    await expect(
      signPrepared(one.prepared, keyInMemory(stranger.certificate, stranger.key), 'x'),
    ).rejects.toMatchObject({
      code: 'other-key',
    })
    await expect(signPrepared(one.prepared, keyInMemory(who.certificate, stranger.key), 'x')).rejects.toMatchObject({
      code: 'other-key',
    })
  })
})

describe('what a signature permits afterwards', () => {
  it('is filling in the fields that it leaves out of its lock', async () => {
    const { shadows } = await import('./attacks.fixture.ts')
    const fillIn = shadows['replace: a form field shows another value']!.attack
    const who = signer()
    const open = await signWith(office, LETTERS.form(), who, { lock: { action: 'Include', fields: ['ghi-chu'] } })
    const filled = await verifyPdf(fillIn(open), office.services)
    expect(filled.signatures[0]!.changesAfter).toMatchObject([{ kind: 'field', permitted: true }])
    expect(filled.verdict).toBe('valid')
    const locked = await signWith(office, LETTERS.form(), who, { lock: { action: 'All', fields: [] } })
    expect((await verifyPdf(fillIn(locked), office.services)).verdict).toBe('invalid')
    const certified = await signWith(office, LETTERS.form(), who, { certify: 2 })
    expect((await verifyPdf(fillIn(certified), office.services)).verdict).toBe('valid')
  })

  it('is a signature in the field that was left for it, and no second one there', async () => {
    const who = signer()
    const signed = await signWith(office, LETTERS.form(), who, { fieldName: 'o-ky' })
    const report = await verifyPdf(signed, office.services)
    expect(report.signatures).toMatchObject([{ fieldName: 'o-ky', verdict: 'valid', coversWholeFile: true }])
    await expect(signWith(office, signed, who, { fieldName: 'o-ky' })).rejects.toMatchObject({ code: 'field-signed' })
    await expect(signWith(office, signed, who, { fieldName: 'khác' })).rejects.toMatchObject({ code: 'field-missing' })
  })
})

function keyed(one: Signer) {
  return {
    certificate: one.certificate.der.toString('base64'),
    key: one.key.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

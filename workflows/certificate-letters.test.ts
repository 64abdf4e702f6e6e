import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCertificate } from '#db/certificates.ts'
import { startInboxServer, type InboxServer } from '#mail/inbox-server.ts'
import { parseLetter } from '#mail/parse.ts'
import { contentOf } from '#signing/certificates/content.ts'
import { TestAuthority } from '#signing/test-authority/test-authority.ts'
import { sendCertificateLetters } from './certificate-letters.ts'
import { createLog } from './log.ts'
import { createMinistry, DOMAIN, type Ministry } from './ministry.fixture.ts'

const DAY_MS = 86_400_000
const log = createLog('test', 'silent')
const authority = TestAuthority.create()
let ministry: Ministry
let inbox: InboxServer
let refuses = ''
const letters: { to: string[]; subject: string; messageId: string; text: string }[] = []

beforeAll(async () => {
  ministry = await createMinistry()
  inbox = await startInboxServer({
    host: '127.0.0.1',
    port: 0,
    domain: DOMAIN,
    maxBytes: 1_000_000,
    knows: (address) => Promise.resolve(address !== refuses),
    async onLetter(raw, { to }) {
      const { subject, messageId, text } = await parseLetter(raw)
      letters.push({ to, subject, messageId, text })
    },
  })
})
afterAll(async () => {
  await inbox?.close()
  await ministry?.close()
})

const send = (port = inbox.port) =>
  sendCertificateLetters(
    {
      db: ministry.db,
      smtp: { host: '127.0.0.1', port },
      environment: { publicUrl: 'http://imoit.test', mailDomain: DOMAIN, organ: { id: 'x', name: 'x' } },
    },
    log,
  )

async function hasCertificate(holder: { personId: string } | { unitId: string }, name: string, days: number) {
  const notAfter = new Date(Date.now() + days * DAY_MS)
  const { certificate } = authority.issueWithKey({ commonName: name }, 'p-256', { notAfter })
  await addCertificate(ministry.db.sql, null, holder, contentOf(certificate), 'token')
}

it('writes to the holder once, in their language, 60 days ahead; of an organisation’s to who seals with it', async () => {
  const { head, deputy, specialist, unitClerk } = ministry.as
  await hasCertificate({ personId: head.personId }, 'Người head', 59)
  await hasCertificate({ personId: deputy.personId }, 'Người deputy', 10)
  await hasCertificate({ personId: specialist.personId }, 'Người specialist', 61)
  await hasCertificate({ unitId: unitClerk.unitId }, 'Cục TMĐT', 30)

  // The mail server is away first: nothing is lost, and nothing noted as written.
  await expect(send(1)).rejects.toThrow()
  expect(await send()).toBe(3)
  expect(await send()).toBe(0)

  const to = letters.flatMap((one) => one.to).sort()
  expect(to).toEqual([ministry.addressOf('deputy'), ministry.addressOf('head'), ministry.addressOf('unitClerk')].sort())
  const said = (somebody: 'head' | 'deputy') => letters.find((one) => one.to.includes(ministry.addressOf(somebody)))!
  expect(said('head').subject).toMatch(/Chứng thư số hết hạn ngày \d\d\/\d\d\/\d{4}: Người head/)
  expect(said('deputy').subject).toMatch(/Certificate ends on/)
  expect(said('head').text).toContain('đăng ký chứng thư mới')
})

it('does not let an address that is refused keep the others from their letters, nor try it for ever', async () => {
  const { chief, leader } = ministry.as
  refuses = ministry.addressOf('chief')
  await hasCertificate({ personId: chief.personId }, 'Người chief', 5)
  await hasCertificate({ personId: leader.personId }, 'Người leader', 6)
  expect(await send()).toBe(1)
  expect(letters.at(-1)!.to).toEqual([ministry.addressOf('leader')])
  expect(await send()).toBe(0)
})

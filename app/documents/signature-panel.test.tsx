import { createInstance } from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoppedCertificate, VerifiedFile } from '#db/verifications.ts'
import { incrementalSaving, shadows, signatureWrapping, universalForgery } from '#signing/attacks.fixture.ts'
import { LETTERS, openOffice, signWith, type Office } from '#signing/signing.fixture.ts'
import type { KeyedCertificate } from '#signing/test-authority/test-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import english from '../translations/en/signatures.json' with { type: 'json' }
import vietnamese from '../translations/vi/signatures.json' with { type: 'json' }
import { SignatureDetails } from './SignatureDetails.tsx'
import { VerdictMark } from './signature-marks.tsx'
import { shownCheck, type ShownCheck } from './signature-view.ts'

let office: Office
let person: KeyedCertificate
let organisation: KeyedCertificate
let signed: Buffer

beforeAll(async () => {
  office = await openOffice()
  person = office.authority.issueWithKey({ commonName: 'Nguyễn Văn An', organisation: 'Bộ TEST', title: 'Thứ trưởng' })
  organisation = office.authority.issueWithKey({ commonName: 'Bộ TEST', organisation: 'Bộ TEST' }, 'p-256')
  signed = await signWith(office, LETTERS.form(), person, { level: 'T', role: 'person' })
})
afterAll(() => office.close())

async function checkOf(bytes: Buffer, stopped: StoppedCertificate[] = []): Promise<ShownCheck> {
  const { evidence: _, ...report } = await verifyPdf(bytes, office.services)
  const { verdict, isTest, signatures } = report
  const kept: VerifiedFile['check'] = {
    verdict: verdict,
    isTest,
    signatures: signatures.length,
    report: JSON.parse(JSON.stringify(report)) as unknown,
    at: 2,
    firstAt: 1,
    outdated: false,
    stopped,
  }
  return shownCheck(kept)
}

/** What a reader reads: the result of the file, and each signature with everything that is folded. */
function wordsOf(check: ShownCheck, language: 'vi' | 'en' = 'vi'): string {
  const i18n = createInstance()
  void i18n.use(initReactI18next).init({
    lng: language,
    resources: { vi: { signatures: vietnamese }, en: { signatures: english } },
    interpolation: { escapeValue: false },
    initImmediate: false,
  })
  const html = renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <VerdictMark verdict={check.verdict} /> {check.sentence[language]}
      {check.signatures.map((one, index) => (
        <SignatureDetails key={index} signature={one} />
      ))}
    </I18nextProvider>,
  )
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
}

describe('the panel', () => {
  it('shows a person’s and the organisation’s signature with everything that is asked of it', async () => {
    const both = await signWith(office, signed, organisation, { level: 'T', role: 'organisation' })
    const check = await checkOf(both)
    expect(check).toMatchObject({ verdict: 'valid', isTest: true })
    const words = wordsOf(check)
    for (const said of [
      'Tài liệu hợp lệ: 2 chữ ký',
      'Nguyễn Văn An, Thứ trưởng',
      'Người có thẩm quyền',
      'Cơ quan, tổ chức',
      'Cơ quan cấp chứng thư iMOIT TEST Issuing CA',
      'trong danh sách tin cậy',
      'Chữ ký thử nghiệm',
      'dấu thời gian của iMOIT TEST TSA',
      'Nội dung đã ký còn nguyên vẹn',
      'Tệp có phần thêm sau chữ ký này',
      'Chữ ký bao toàn bộ tệp',
      'Được phép thêm sau khi ký',
      'Chứng thư lúc ký Còn hiệu lực',
      'Không bị thu hồi · trả lời OCSP',
      'RSA',
      'PAdES T',
      person.certificate.serial,
    ])
      expect(words).toContain(said)
    expect(wordsOf(check, 'en')).toContain('The document is valid')
    expect(wordsOf(check, 'en')).not.toMatch(/[a-z]+\.[a-z]+[A-Z]/)
  })

  const attacks = { ...incrementalSaving, ...signatureWrapping, ...universalForgery }
  it.each(Object.entries(attacks))('never says of an attacked file that it is valid: %s', async (_, attack) => {
    const check = await checkOf(attack(signed))
    expect(['invalid', 'unknown']).toContain(check.verdict)
    expect(wordsOf(check)).toMatch(/^ *(KHÔNG hợp lệ|Chưa kết luận được)/)
    expect(wordsOf(check, 'en')).toMatch(/^ *(NOT valid|Cannot be judged yet)/)
  })

  it.each(Object.entries(shadows))('nor of a shadow: %s', async (_, { prepare, attack }) => {
    const shadowed = await signWith(office, prepare(LETTERS.form()), person, { level: 'T' })
    const check = await checkOf(attack(shadowed))
    expect(check.verdict).not.toBe('valid')
    expect(wordsOf(check)).toMatch(/^ *(KHÔNG hợp lệ|Chưa kết luận được)/)
  })

  it('names what was changed and where, before what is allowed', async () => {
    const words = wordsOf(await checkOf(incrementalSaving['a stamp over the page']!(signed)))
    expect(words).toContain('Bị thay đổi sau khi ký')
    expect(words).toMatch(/ở trang 1.*Chữ ký không cho phép việc này/)
  })
})

describe('a certificate that the office has stopped', () => {
  const stop = (since: number): StoppedCertificate[] => [
    { fingerprint: person.certificate.fingerprint, state: 'suspended', reason: 'Mất thiết bị', since },
  ]
  const hour = 3_600_000

  it('counts against what was signed with it since', async () => {
    const check = await checkOf(signed, stop(Date.now() - hour))
    expect(check.verdict).toBe('invalid')
    expect(wordsOf(check)).toMatch(/Chứng thư bị Bộ tạm dừng từ .*: Mất thiết bị Chữ ký này được tạo sau lúc đó/)
  })

  it('not against what a time stamp proves to be older, which says so', async () => {
    const check = await checkOf(signed, stop(Date.now() + hour))
    expect(check.verdict).toBe('valid')
    expect(wordsOf(check)).toContain('có dấu thời gian trước lúc đó nên vẫn được công nhận')
  })

  it('leaves open what only claims to be older', async () => {
    const unstamped = await signWith(office, LETTERS.tagged(), person, { level: 'B' })
    expect((await checkOf(unstamped)).verdict).toBe('valid')
    const check = await checkOf(unstamped, stop(Date.now() + hour))
    expect(check.verdict).toBe('unknown')
    expect(wordsOf(check)).toContain('không có dấu thời gian')
  })

  it('is nothing to the signatures of others', async () => {
    const others = stop(0).map((one) => ({ ...one, fingerprint: 'f'.repeat(64) }))
    expect((await checkOf(signed, others)).signatures[0]!.stop).toBeNull()
  })
})

import { readFile } from 'node:fs/promises'
import { readCertificates, type Certificate } from '#signing/certificates/certificate.ts'
import { trustList } from '#signing/certificates/trust-list.ts'
import type { EvidenceServices } from '#signing/evidence.ts'
import type { Change, FileReport, SignatureReport } from '#signing/verify/report.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { verifyXml } from '#signing/xml/verify-xml.ts'
import type { Language } from '../language.ts'
import { withTestAuthority } from './test-authority.ts'

/** 0 valid, 1 invalid, 2 unknown. */
export const VERDICT_EXIT = { valid: 0, invalid: 1, unknown: 2 } as const

/** By how it begins: a declaration or an element. */
export const isXml = (bytes: Buffer): boolean => /^(?:\xef\xbb\xbf)?\s*</.test(bytes.subarray(0, 64).toString('latin1'))

/**
 * Verifies a PDF or an XML message: against the test authority of the data folder, or against the authorities of these certificates
 * alone (PEM or DER; what signed itself is believed, what stands between completes the chain). Nobody is asked over the network then:
 * what the file does not prove of revocation stays unknown.
 */
export async function verifyFile(
  env: NodeJS.ProcessEnv,
  file: string,
  trusted: readonly string[] = [],
): Promise<FileReport> {
  const bytes = await readFile(file)
  const verify = (services: Pick<EvidenceServices, 'trust' | 'revocation'>) =>
    isXml(bytes) ? verifyXml(bytes.toString('utf8'), services) : verifyPdf(bytes, services)
  if (trusted.length === 0) return withTestAuthority(env, (_, { trust, revocation }) => verify({ trust, revocation }))
  const certificates = (await Promise.all(trusted.map(async (from) => readCertificates(await readFile(from))))).flat()
  const [roots, between] = [certificates.filter(signedItself), certificates.filter((one) => !signedItself(one))]
  return verify({
    trust: trustList(
      roots.map((certificate) => ({ certificate })),
      between,
    ),
  })
}

const signedItself = ({ subject, issuer }: Certificate) => subject.raw.equals(issuer.raw)

/** The report as lines for a console. */
export function verifyReport(file: string, report: FileReport, language: Language): string[] {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  const test = say(' [CHỨNG THƯ THỬ, không có giá trị pháp lý]', ' [TEST certificate, without legal effect]')
  return [
    `${file}: ${report.sentence[language]}${report.isTest ? test : ''}`,
    ...report.signatures.flatMap((one, index) => signatureLines(one, index, language)),
  ]
}

function signatureLines(one: SignatureReport, index: number, language: Language): string[] {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  const { signer, authority, time, revocation } = one
  const source = time.source === 'time-stamp' ? (time.authority ?? '') : say('theo lời người ký', 'as the signer says')
  return [
    '',
    `${index + 1}. ${one.fieldName}: ${one.sentence[language]}`,
    ...(signer ? [`   ${say('Người ký', 'Signer')}: ${signer.subject}`] : []),
    ...(authority ? [`   ${say('Cơ quan cấp', 'Authority')}: ${authority.name} ← ${authority.root ?? '?'}`] : []),
    ...(time.at ? [`   ${say('Thời điểm', 'Time')}: ${time.at} (${source})`] : []),
    ...(one.algorithm ? [`   ${say('Thuật toán', 'Algorithm')}: ${one.algorithm} · PAdES ${one.level ?? '?'}`] : []),
    `   ${say('Thu hồi', 'Revocation')}: ${revocation.status}${revocation.source ? ` (${revocation.source}, ${revocation.origin})` : ''}`,
    ...one.reasons.map((reason) => `   ! ${reason[language]}`),
    ...one.changesAfter.map((change: Change) => `   ${change.permitted ? '·' : '!'} ${change[language]}`),
  ]
}

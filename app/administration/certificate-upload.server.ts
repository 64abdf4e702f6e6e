import type { CertificateContent } from '#db/certificates.ts'
import { Refusal } from '#db/refusal.ts'
import { readCertificates, type Certificate } from '#signing/certificates/certificate.ts'
import { contentOf } from '#signing/certificates/content.ts'

/** A chain in PEM is some kilobytes; nothing larger is a certificate. */
const MOST_BYTES = 100_000
const MOST = 10

/** What a certificate is, for the page that asks whether to take it. */
export interface ReadCertificate extends Omit<CertificateContent, 'der'> {
  /** Base64, to be sent back with the answer. */
  der: string
  isCa: boolean
  isRoot: boolean
  /** Its names say TEST. */
  saysTest: boolean
  key: string
  email: string | null
}

/** The certificates of a form: a chosen file (PEM or DER), or what an earlier answer sent back. @throws Refusal */
export async function certificatesOf(form: FormData): Promise<Certificate[]> {
  const file = form.get('file')
  const sent = form.getAll('der').filter((one) => typeof one === 'string')
  if (!(file instanceof File) && sent.length === 0) throw noFile()
  try {
    const found =
      file instanceof File && file.size > 0
        ? readCertificates(await contentOfFile(file))
        : sent.slice(0, MOST).flatMap((one) => readCertificates(Buffer.from(one, 'base64')))
    if (found.length === 0 || found.length > MOST) throw new Error(`${found.length} certificates`)
    return found
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') throw error
    throw Object.assign(file instanceof File && file.size === 0 ? noFile() : unreadable(), { cause: error })
  }
}

async function contentOfFile(file: File): Promise<Buffer> {
  if (file.size > MOST_BYTES) throw unreadable()
  return Buffer.from(await file.arrayBuffer())
}

export function described(certificate: Certificate): ReadCertificate {
  const { der, ...content } = contentOf(certificate)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey
  return {
    ...content,
    der: der.toString('base64'),
    isCa: certificate.isCa,
    isRoot: certificate.isCa && certificate.subject.raw.equals(certificate.issuer.raw),
    saysTest: saysTest(certificate),
    key:
      type === 'rsa'
        ? `RSA ${details?.modulusLength ?? ''}`
        : (CURVES[details?.namedCurve ?? ''] ?? details?.namedCurve ?? type ?? ''),
    email: certificate.subject.email ?? null,
  }
}

/** As the standards name them. */
const CURVES: Record<string, string> = { prime256v1: 'ECDSA P-256', secp384r1: 'ECDSA P-384', secp521r1: 'ECDSA P-521' }

/** Whoever calls itself a test is one, whatever an administrator ticks. */
export const saysTest = (certificate: Certificate): boolean => /\bTEST\b/i.test(certificate.subject.text)

/** @throws Refusal for a certificate that may not issue others */
export function requireAuthority(certificate: Certificate): void {
  if (!certificate.isCa) throw noAuthority(certificate.subject.commonName ?? certificate.subject.text)
}

/** @throws Refusal for an authority's certificate, which signs no documents */
export function requireSigner(certificate: Certificate): void {
  if (certificate.isCa) throw noSigner(certificate.subject.commonName ?? certificate.subject.text)
}

const beside = (code: string, sentence: { vi: string; en: string }) =>
  new Refusal(code, 422, sentence, { file: sentence })

const noFile = () =>
  beside('certificate-missing', {
    vi: 'Chưa chọn tệp chứng thư nên chưa có gì thay đổi. Hãy chọn tệp .pem, .crt, .cer hoặc .der.',
    en: 'No certificate was chosen and nothing was changed. Choose a .pem, .crt, .cer or .der file.',
  })

const unreadable = () =>
  beside('certificate-unreadable', {
    vi: 'Tệp không phải là chứng thư số đọc được nên chưa có gì thay đổi. Hãy xuất lại chứng thư ở dạng PEM hoặc DER (không kèm khóa).',
    en: 'The file is no certificate that can be read, and nothing was changed. Export the certificate again as PEM or DER (without its key).',
  })

const noAuthority = (name: string) =>
  beside('certificate-no-authority', {
    vi: `Chứng thư của ${name} không phải của cơ quan cấp chứng thư nên không đưa vào danh sách tin cậy. Hãy chọn chứng thư gốc hoặc trung gian.`,
    en: `The certificate of ${name} is not an authority’s, so it was not put on the trust list. Choose a root or an intermediate.`,
  })

const noSigner = (name: string) =>
  beside('certificate-no-signer', {
    vi: `Chứng thư của ${name} là của cơ quan cấp chứng thư, không dùng để ký văn bản. Hãy chọn chứng thư của người hoặc tổ chức.`,
    en: `The certificate of ${name} is an authority’s and signs no documents. Choose a person’s or an organisation’s.`,
  })

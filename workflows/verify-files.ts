import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { keptTrust, type KeptTrust } from '#db/trust.ts'
import {
  keepVerification,
  keptEvidence,
  takeFileToVerify,
  timesVerified,
  verifyLater,
  VERIFICATION_TRIES,
  type FileToVerify,
  type FileVerdict,
} from '#db/verifications.ts'
import { readCertificate } from '#signing/certificates/certificate.ts'
import type { RevocationData } from '#signing/certificates/revocation.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { fileSentence } from '#signing/verify/reasons.ts'
import type { FileReport } from '#signing/verify/report.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { verifyXml } from '#signing/xml/verify-xml.ts'
import type { Logger } from './log.ts'
import { readStored } from './outside.ts'
import { startWorkLoop, type WorkLoop } from './work-loop.ts'

/** Beyond that a file is not opened here: reading it would hold up everybody else's timers. */
const VERIFIED_BYTES = { pdf: 64 * 1024 * 1024, xml: 24 * 1024 * 1024 }
/** A service that is away must not hold up the files behind. */
const SERVICE_TIMEOUT_MS = 3_000
const RETRY_MS = 30_000
/** A service that did not answer is asked again after this long, then twice as long, and so on. */
const AGAIN_MS = 10 * 60_000
const MOST_AGAIN = 8
const XML_SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#'

export interface VerifierOptions {
  db: Database
  files: FileStore
  log: Logger
}

/** Checks the files that wait, one after another, whether Temporal is there or not; begins when the database is there. */
export async function startVerifier(options: VerifierOptions): Promise<WorkLoop> {
  const onError = (error: unknown) =>
    options.log.warn({ err: error }, 'checking signatures was interrupted and goes on')
  return startWorkLoop({ db: options.db, round: () => verifyNext(options), onError })
}

/** Checks one file and keeps the result with its evidence. @returns whether there was one */
export async function verifyNext({ db, files, log }: VerifierOptions): Promise<boolean> {
  const file = await takeFileToVerify(db)
  if (!file) return false
  const trust = await keptTrust(db)
  try {
    const silent = new Set<string>()
    const onFault = (url: string, fault: Error) => {
      silent.add(url)
      log.warn({ url, reason: fault.message }, 'a certificate service did not answer')
    }
    const report = await reportOn(db, files, file, trust, onFault)
    const { evidence, ...shown } = report
    const isOpen = report.verdict === 'unknown' && silent.size > 0
    await keepVerification(db, {
      sha256: file.sha256,
      asking: file.asking,
      ...(isOpen ? await again(db, file.sha256) : {}),
      verdict: verdictOf(report),
      isTest: report.isTest,
      signatures: report.signatures.length,
      report: shown,
      evidence,
      trustState: trust.state,
    })
  } catch (error) {
    log.error({ err: error, sha256: file.sha256, tried: file.tried }, 'a file could not be checked')
    await verifyLater(db, file.sha256, RETRY_MS * file.tried)
  }
  return true
}

async function reportOn(
  db: Database,
  files: FileStore,
  file: FileToVerify,
  trust: KeptTrust,
  onFault: (url: string, fault: Error) => void,
): Promise<FileReport> {
  const isXml = file.mediaType !== 'application/pdf'
  const isLarge = file.size > VERIFIED_BYTES[isXml ? 'xml' : 'pdf']
  if (isLarge && !isXml) return notOpened(tooLarge(file.size))
  // Whatever went wrong with it goes wrong again: people are told instead.
  if (file.tried > VERIFICATION_TRIES) return notOpened(cannotBeChecked)
  const [bytes, kept] = await Promise.all([readStored(files, file.sha256), keptEvidence(db, file.sha256)])
  // Most messages are unsigned, and need not be parsed whole to see it.
  if (isXml && !bytes.includes(XML_SIGNATURES)) return notOpened(fileSentence('unknown', 0))
  if (isLarge) return notOpened(tooLarge(file.size))
  const services = servicesOf(trust, {
    timeoutMs: SERVICE_TIMEOUT_MS,
    onFault,
  })
  const options = {
    trust: services.trust,
    revocation: services.revocation,
    certificates: kept.certificates.map((one) => readCertificate(Buffer.from(one, 'base64'))),
    kept: [...answers('ocsp', kept.ocsps), ...answers('crl', kept.crls)],
  }
  if (!isXml) return verifyPdf(bytes, options)
  const { signedXml: _, ...report } = await verifyXml(bytes.toString('utf8'), options)
  return report
}

async function again(db: Database, sha256: string): Promise<{ againAfter?: number }> {
  const times = await timesVerified(db, sha256)
  return times < MOST_AGAIN ? { againAfter: AGAIN_MS * 2 ** times } : {}
}

const answers = (kind: RevocationData['kind'], ders: string[]): RevocationData[] =>
  ders.map((one) => ({ kind, der: Buffer.from(one, 'base64'), origin: 'kept' }))

/** A file without signatures is a case of its own: nothing is wrong with it. */
function verdictOf(report: FileReport): FileVerdict {
  if (report.signatures.length > 0) return report.verdict
  return report.sentence.vi === fileSentence('unknown', 0).vi ? 'unsigned' : report.verdict
}

const notOpened = (sentence: FileReport['sentence']): FileReport => ({
  verdict: 'unknown',
  sentence,
  isTest: false,
  signatures: [],
  evidence: { certificates: [], ocsps: [], crls: [] },
  verifiedAt: new Date().toISOString(),
})

const tooLarge = (size: number) => {
  const megabytes = Math.ceil(size / 1_000_000)
  return {
    vi: `Tệp lớn (${megabytes} MB) nên chưa kiểm tra chữ ký tại đây. Văn bản vẫn xử lý được; hãy tải tệp về và kiểm tra bằng công cụ của cơ quan chứng thực.`,
    en: `The file is large (${megabytes} MB), so its signatures are not checked here. The document can be worked on; take the file and check it with the authority’s own tool.`,
  }
}

const cannotBeChecked = {
  vi: 'Chưa kiểm tra được chữ ký của tệp sau nhiều lần thử. Văn bản vẫn xử lý được; hãy báo quản trị, hoặc bấm kiểm tra lại.',
  en: 'The signatures of this file could not be checked after several tries. The document can be worked on; tell an administrator, or have it checked again.',
}

import type { RevocationData } from '../certificates/revocation.ts'
import { readCertificate, type Certificate } from '../certificates/certificate.ts'
import type { TrustList } from '../certificates/trust-list.ts'
import { checkTimeStamp, type TimeStampCheck } from '../cms/check-time-stamp.ts'
import { decodeStream } from '../pdf/decode-stream.ts'
import { PdfFault } from '../pdf/pdf-fault.ts'
import { PdfFile, type ReadObjects } from '../pdf/pdf-file.ts'
import { signatureFields } from '../pdf/signature-fields.ts'
import { PdfStream } from '../pdf/values.ts'
import type { RevocationSource } from '../services/revocation-source.ts'
import { compareRevisions } from './compare-revisions.ts'
import { change } from './change.ts'
import { judgeSignature } from './judge-signature.ts'
import { fileSentence, worst } from './reasons.ts'
import type { Change, FileReport, SignatureReport } from './report.ts'
import { placeSignature, type PlacedSignature } from './signature-in-file.ts'

export interface VerifyOptions {
  trust: TrustList
  /** Real time unless a test says otherwise. */
  now?: Date
  /** Asked when the file itself does not answer. */
  revocation?: RevocationSource
  /** Answers kept with the document since it arrived. */
  kept?: RevocationData[]
  /** Certificates kept with it, or known to the office, that signers left out. */
  certificates?: Certificate[]
}

/** Validation data that the file carries, and what was gathered on the way. */
export interface Material {
  certificates: Certificate[]
  answers: RevocationData[]
  used: { certificates: Map<string, Buffer>; ocsps: Map<string, Buffer>; crls: Map<string, Buffer> }
}

/**
 * Verifies every signature of a PDF and the file as a whole: valid only when each signature is, and nothing came after
 * it that it does not permit. Never throws for what a file contains.
 */
export async function verifyPdf(bytes: Uint8Array, options: VerifyOptions): Promise<FileReport> {
  const now = options.now ?? new Date()
  const read: ReadObjects = { atByte: new Map(), streams: new Map() }
  let file: PdfFile
  let placed: PlacedSignature[]
  let changes: Map<number, Change[]>
  try {
    file = new PdfFile(bytes, read)
    if (file.isEncrypted) return unreadable('unknown', now, true)
    placed = signatureFields(file)
      .filter((field) => field.dict.has('V'))
      .map((field) => (field.value ? placeSignature(file, field, read) : { field, fault: 'no-contents', end: 0 }))
    changes = changesAfter(file, placed)
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error
    return unreadable(Buffer.from(bytes).includes('/ByteRange') ? 'invalid' : 'unknown', now, false)
  }
  const material = materialOf(file, options)
  const stamps = documentTimeStamps(placed, options.trust, material)
  const signatures: SignatureReport[] = []
  for (const one of placed.toSorted((a, b) => a.end - b.end))
    signatures.push(
      await judgeSignature({
        placed: one,
        changes: changes.get(one.end) ?? [],
        coversWholeFile: one.end === bytes.length,
        laterStamps: stamps.filter((stamp) => stamp.end > one.end).map((stamp) => stamp.check),
        material,
        trust: options.trust,
        revocation: options.revocation,
        now,
      }),
    )
  const verdict = signatures.length === 0 ? 'unknown' : worst(signatures.map((one) => one.verdict))
  const base64 = (map: Map<string, Buffer>) => [...map.values()].map((one) => one.toString('base64'))
  return {
    verdict,
    sentence: fileSentence(verdict, signatures.length),
    isTest: signatures.some((one) => one.isTest),
    signatures,
    evidence: {
      certificates: base64(material.used.certificates),
      ocsps: base64(material.used.ocsps),
      crls: base64(material.used.crls),
    },
    verifiedAt: now.toISOString(),
  }
}

function unreadable(verdict: 'invalid' | 'unknown', now: Date, encrypted: boolean): FileReport {
  return {
    verdict,
    sentence: encrypted
      ? {
          vi: 'Tệp được mã hóa nên chưa kiểm tra được chữ ký; hãy bỏ mã hóa rồi kiểm tra lại.',
          en: 'The file is encrypted, so its signatures cannot be checked; remove the encryption and check again.',
        }
      : fileSentence(verdict, 0, true),
    isTest: false,
    signatures: [],
    evidence: { certificates: [], ocsps: [], crls: [] },
    verifiedAt: now.toISOString(),
  }
}

/** What came after each signed state, by the byte where that state ends. */
function changesAfter(file: PdfFile, placed: PlacedSignature[]): Map<number, Change[]> {
  const states = new Map(placed.flatMap((one) => (one.revision ? [[one.end, one.revision] as const] : [])))
  const ends = [...states.keys()].sort((a, b) => b - a)
  const after = new Map<number, Change[]>()
  let next = file
  let known: Change[] = []
  for (const end of ends) {
    const state = states.get(end)!
    if (state !== next) {
      try {
        known = [...compareRevisions(state, next), ...known]
      } catch (error) {
        if (!(error instanceof PdfFault)) throw error
        known = [change('structure', false, error.message), ...known]
      }
    }
    after.set(end, known)
    next = state
  }
  return after
}

function documentTimeStamps(
  placed: PlacedSignature[],
  trust: TrustList,
  material: Material,
): { end: number; check: TimeStampCheck }[] {
  return placed
    .filter(
      (one) => one.cms && one.field.value && one.revision?.name(one.field.value.get('SubFilter')) === 'ETSI.RFC3161',
    )
    .map((one) => ({ end: one.end, check: checkTimeStamp(one.cms!, one.signed!, trust, material.certificates) }))
}

function materialOf(file: PdfFile, options: VerifyOptions): Material {
  const store = file.dict(file.catalog.get('DSS'))
  const streams = (key: string) =>
    (file.array(store?.get(key)) ?? [])
      .map((item) => file.resolve(item))
      .filter((item) => item instanceof PdfStream)
      .map((item) => unpacked(item))
      .filter((item) => item !== undefined)
  const certificates: Certificate[] = [...(options.certificates ?? [])]
  for (const der of streams('Certs')) {
    try {
      certificates.push(readCertificate(der))
    } catch {
      // A certificate in the store that cannot be read helps nobody; the path is found without it or not at all.
      continue
    }
  }
  return {
    certificates,
    answers: [
      ...streams('OCSPs').map((der) => ({ kind: 'ocsp', der, origin: 'file' }) as const),
      ...streams('CRLs').map((der) => ({ kind: 'crl', der, origin: 'file' }) as const),
      ...(options.kept ?? []),
    ],
    used: { certificates: new Map(), ocsps: new Map(), crls: new Map() },
  }
}

function unpacked(stream: PdfStream): Buffer | undefined {
  try {
    return Buffer.from(decodeStream(stream))
  } catch (error) {
    if (error instanceof PdfFault) return undefined
    throw error
  }
}

import { buffer } from 'node:stream/consumers'
import type { Json } from '#bpmn/case.ts'
import { certificateImage, requireUsable, type SigningCertificate } from '#db/certificates.ts'
import { Refusal } from '#db/refusal.ts'
import {
  failSignature,
  holdSignature,
  keepEvidence,
  keepPrepared,
  keepSigned,
  keepValue,
  readSignature,
  type SignatureAct,
  type SignatureFault,
} from '#db/signatures.ts'
import { readCertificate } from '#signing/certificates/certificate.ts'
import { embed } from '#signing/embed.ts'
import { gatherEvidence } from '#signing/evidence.ts'
import type { SigningKey } from '#signing/keys/signing-key.ts'
import { PdfFault } from '#signing/pdf/pdf-fault.ts'
import { prepare } from '#signing/prepare.ts'
import type { PreparedSignature, SignatureEvidence, SignatureValue } from '#signing/prepared.ts'
import { acceptSignature, signPrepared } from '#signing/sign.ts'
import { appearanceOf } from './appearance.ts'
import { inWords, maySucceedLater, officeServices, type SigningGround } from './ground.ts'

/** No signed file is larger: the largest upload, and what signatures add. Bytes. */
const LARGEST = 120_000_000

const asJson = (value: object): Json => value as unknown as Json
const preparedOf = (act: SignatureAct): PreparedSignature => act.prepared as unknown as PreparedSignature

/** @throws Error when the store has lost what a row names */
export async function readStored({ files }: SigningGround, sha256: string): Promise<Buffer> {
  const opened = await files.open(sha256)
  if (!opened) throw new Error(`the file store has no ${sha256}`)
  return buffer(opened.stream)
}

export interface Preparing {
  certificate: SigningCertificate
  /** As it is drawn, where there is no image. */
  name: string
  /** Of the handwritten signature or the seal, PNG. */
  image: Buffer | null
  /** What is written beneath a seal, or in the block at the top of an appendix or a copy. */
  lines: string[]
  /** What the signature itself says beside the name, where it stands for more than agreement. */
  reason: string | undefined
}

/** What the first stage needs of an act, from what is kept of it. Throws Refusal where its certificate may not be used any more. */
export async function preparingOf({ db }: SigningGround, act: SignatureAct): Promise<Preparing> {
  const [row] = await db.sql<
    (NumberedDocument & { fingerprint: string; personId: string | null; unitId: string | null; name: string })[]
  >`
    select c.fingerprint, c.person_id as "personId", c.unit_id as "unitId", n.full_name as name, d.code, to_char(d.issued_on, 'DD/MM/YYYY') as day,
      d.register_number as "registerNumber", to_char(d.registered_on, 'DD/MM/YYYY') as "registeredOn"
    from signatures s join certificates c on c.id = s.certificate_id join persons n on n.id = s.person_id join documents d on d.id = s.document_id
    where s.id = ${act.id}`
  if (!row) throw new Error(`there is no act of signing ${act.id}`)
  const holder = row.personId ? { personId: row.personId } : { unitId: row.unitId ?? '' }
  const certificate = await requireUsable(db.sql, row.fingerprint, holder)
  const said = saidBy(act, row, certificate.name)
  const drawn = act.role === 'person' || act.role === 'organisation'
  const image = drawn && certificate.image !== null ? await certificateImage(db.sql, certificate.id) : null
  // The organisation's is marked as a test where it stands: the name of its certificate says so.
  return { certificate, name: row.personId ? row.name : certificate.name, image, ...said }
}

interface NumberedDocument {
  code: string | null
  day: string | null
  registerNumber: number | null
  registeredOn: string | null
}

/** What stands with a signature of each role (NĐ 30/2020, Phụ lục I). */
function saidBy(
  act: SignatureAct,
  document: NumberedDocument,
  organisation: string,
): Pick<Preparing, 'lines' | 'reason'> {
  const { code, day, registerNumber, registeredOn } = document
  switch (act.role) {
    case 'person':
      return { lines: act.competence ? [act.competence] : [], reason: act.competence ?? undefined }
    case 'initial':
      return { lines: [], reason: undefined }
    case 'organisation':
      if (!code || !day) return { lines: [], reason: undefined }
      return { lines: [`Số: ${code}`, `Ngày: ${day}`], reason: `Số ${code}, ngày ${day}` }
    case 'appendix':
      return { lines: [code ?? ''], reason: `Phụ lục kèm theo văn bản số ${code}, ngày ${day}` }
    case 'copy':
      return { lines: ['SAO Y', organisation], reason: 'SAO Y' }
    case 'received': {
      const arrival = `Số đến: ${registerNumber}; ngày ${registeredOn}`
      return { lines: [organisation, arrival], reason: arrival }
    }
  }
}

/** First stage: makes and keeps the exact bytes to be signed. Throws SigningError or Refusal for a file that cannot be signed. */
export async function prepareAct(ground: SigningGround, act: SignatureAct, how: Preparing): Promise<PreparedSignature> {
  const [document, services] = await Promise.all([readStored(ground, act.sha256), officeServices(ground.db)])
  if (document.subarray(0, 1024).indexOf('%PDF-') < 0) throw notPdf(act.fileName)
  const certificate = readCertificate(how.certificate.der)
  const at = ground.now()
  const { name, image, lines, reason } = how
  const look = { role: act.role, name, image, lines, at, place: act.place }
  const { bytes, prepared } = prepare(document, {
    certificate,
    chain: services.trust.intermediates.filter((one) => one.subject.raw.equals(certificate.issuer.raw)),
    level: ground.level ?? services.level,
    role: act.role,
    at,
    reason,
    // A damaged file has no place to draw on; preparing it says what is wrong in words.
    appearance: await appearanceOf(document, look).catch((error: unknown) => {
      if (error instanceof PdfFault) return undefined
      throw error
    }),
  })
  const { sha256 } = await ground.files.put(bytes, LARGEST)
  if (!(await keepPrepared(ground.db, act.id, { sha256, prepared: asJson(prepared) }))) throw wentOn()
  return prepared
}

/** Second stage with a key that is open here. Asked again of an act that has its value, it changes nothing. */
export async function signAct(
  ground: SigningGround,
  act: SignatureAct,
  prepared: PreparedSignature,
  key: SigningKey,
): Promise<void> {
  const value = await signPrepared(prepared, key, act.fileName)
  await keepValue(ground.db, act.id, prepared.fileDigest, asJson(value))
}

/** Second stage with a value that the signer's own machine made, base64. Throws SigningError `other-key` for another's. */
export async function acceptValue(ground: SigningGround, act: SignatureAct, value: string): Promise<void> {
  if (act.state !== 'prepared') return
  const prepared = preparedOf(act)
  const accepted = acceptSignature(prepared, Buffer.from(value, 'base64'))
  await keepValue(ground.db, act.id, prepared.fileDigest, asJson(accepted))
}

/**
 * Goes on with what the key has signed, as far as the signed file in the store, from wherever it stands; no key is asked. A service
 * that is down leaves it where it is (the fault stands beside it); what can never succeed fails it. Throws what a person is told.
 */
export async function carryOn(ground: SigningGround, id: string): Promise<SignatureAct> {
  const { db } = ground
  const act = await readSignature(db, id)
  if (!act) throw new Error(`there is no act of signing ${id}`)
  try {
    if (act.state === 'signed') {
      const value = act.value as unknown as SignatureValue
      const { timeStamp, ...services } = await officeServices(db)
      const stamping = timeStamp && { ...timeStamp, now: ground.now }
      const evidence = await gatherEvidence(preparedOf(act), value, { ...services, timeStamp: stamping })
      await keepEvidence(db, id, asJson(evidence))
      return await carryOn(ground, id)
    }
    if (act.state === 'proven') {
      const bytes = await readStored(ground, act.preparedSha256 ?? '')
      const signed = embed(bytes, preparedOf(act), act.evidence as unknown as SignatureEvidence)
      await keepSigned(db, id, await ground.files.put(signed, LARGEST))
      return await carryOn(ground, id)
    }
    return act
  } catch (error) {
    const told = inWords(error)
    if (told instanceof Refusal) await (maySucceedLater(error) ? holdSignature : failSignature)(db, id, faultOf(told))
    throw told
  }
}

export const faultOf = ({ code, sentence }: Refusal): SignatureFault => ({ code, ...sentence })

const notPdf = (name: string) =>
  new Refusal('not-a-pdf', 422, {
    vi: `Chỉ ký số được trên PDF, mà “${name}” không phải PDF. Chưa ký gì; hãy trả lại để người soạn tải lên bản PDF.`,
    en: `Only a PDF can be signed digitally and “${name}” is none. Nothing was signed; send it back to have the PDF uploaded.`,
  })

const wentOn = () =>
  new Refusal('signing-went-on', 409, {
    vi: 'Văn bản này vừa được ký ở một cửa sổ khác nên lần này không ký nữa. Hãy tải lại trang để xem kết quả.',
    en: 'This document has just been signed in another window, so it was not signed again. Reload the page to see the result.',
  })

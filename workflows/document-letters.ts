import type { ClaimedCall } from '#db/case-work.ts'
import {
  addresseesOfGroups,
  addresseesOfPosts,
  addresseesWhoWorkedOn,
  documentFacts,
  mainFile,
  unitsAtWork,
  unitsOwingOpinions,
  unopenedUnits,
  type Addressee,
  type DocumentFacts,
} from '#db/letter-news.ts'
import {
  documentInformed,
  documentReturned,
  noticeIssued,
  opinionsConcluded,
  opinionsOwed,
  replyDispatched,
  slipDecided,
  type DocumentNews,
} from '#mail/templates/document.ts'
import { unopenedChase } from '#mail/templates/office.ts'
import { compose, writeInstant, type Wording } from '#mail/templates/wording.ts'
import type { LetterTo } from './mail-call.ts'
import { CallRefused, readStored, type Outside } from './outside.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
const codes = (value: unknown) =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
const unitGroups = (units: string[], roles: string[]) =>
  units.flatMap((unit) => roles.map((role) => `unit:${unit}:${role}`))

async function documentOf({ db }: Outside, call: ClaimedCall): Promise<DocumentFacts> {
  const id = text(call.input.documentId) ?? call.documentId
  const document = id === null ? null : await documentFacts(db, id)
  if (!document) throw new CallRefused('letter-invalid', `the call names no document: ${JSON.stringify(id)}`)
  return document
}

function newsOf({ environment }: Outside, document: DocumentFacts, addressee: Addressee): DocumentNews {
  return {
    language: addressee.language,
    to: addressee.fullName,
    subject: document.subject,
    code: document.code,
    url: `${environment.publicUrl}/documents/${document.documentId}`,
  }
}

/** Units that get a document for information: to their heads and clerks. */
export async function informLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const to = await addresseesOfGroups(outside.db, unitGroups(codes(call.input.units), ['head', 'clerk']))
  return to.map((addressee) => ({
    addressee,
    wording: documentInformed({
      ...newsOf(outside, document, addressee),
      by: document.agencyName || null,
      opinion: text(call.input.opinion),
    }),
  }))
}

/** A notice of the ministry: to the heads of each unit. */
export async function noticeLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const to = await addresseesOfGroups(outside.db, unitGroups(codes(call.input.units), ['head']))
  return to.map((addressee) => ({
    addressee,
    wording: noticeIssued({
      ...newsOf(outside, document, addressee),
      unit: addressee.language === 'vi' ? addressee.unitName : addressee.unitNameEn,
      due: document.dueAt,
    }),
  }))
}

/** The reply that went out, itself attached: to heads and clerks of the units concerned and to whoever worked on it. */
export async function dispatchLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const worked = [document.documentId, text(call.input.answers) ?? call.documentId].filter((id) => id !== null)
  const [concerned, workers, file] = await Promise.all([
    addresseesOfGroups(outside.db, unitGroups(codes(call.input.units), ['head', 'clerk'])),
    addresseesWhoWorkedOn(outside.db, worked),
    mainFile(outside.db, document.documentId),
  ])
  const attachments = file
    ? [{ name: file.name, mediaType: file.mediaType, content: await readStored(outside.files, file.sha256) }]
    : []
  const everybody = new Map([...concerned, ...workers].map((addressee) => [addressee.personId, addressee]))
  return [...everybody.values()].map((addressee) => ({
    addressee,
    attachments,
    wording: replyDispatched({
      ...newsOf(outside, document, addressee),
      answers: document.answers,
      recipients: (document.recipients ?? '').split(/[;\n]/).flatMap((place) => place.trim() || []),
    }),
  }))
}

/** To the Office: who has not opened a notice, or who is late with a document; or to units that owe their opinion. None when nobody is. */
export async function chaseLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const { db } = outside
  const document = await documentOf(outside, call)
  if (call.input.about === 'opinions-late') return owedOpinionLetters(outside, call, document)
  const late = call.input.about === 'deadline-passed'
  const units = await (late ? unitsAtWork(db, document.documentId) : unopenedUnits(db, document.documentId))
  if (units.length === 0) return []
  const to = await addresseesOfGroups(db, ['role:office-monitor', 'role:chief-of-office'])
  return to.map((addressee) => {
    const news = {
      ...newsOf(outside, document, addressee),
      units: units.map(({ name, nameEn }) => (addressee.language === 'vi' ? name : nameEn)),
    }
    return {
      addressee,
      wording: late
        ? lateChase({ ...news, due: document.dueAt })
        : unopenedChase({ ...news, issued: document.issuedAt }),
    }
  })
}

/** To the heads of the units that owe their opinion, and to whoever asked for it. */
async function owedOpinionLetters(outside: Outside, call: ClaimedCall, document: DocumentFacts): Promise<LetterTo[]> {
  const { db } = outside
  const units = await unitsOwingOpinions(db, document.documentId)
  if (units.length === 0) return []
  const asking = UUID.exec(text(call.input.to) ?? '')?.[0]
  const [heads, askers] = await Promise.all([
    addresseesOfGroups(
      db,
      unitGroups(
        units.map(({ code }) => code),
        ['head'],
      ),
    ),
    asking ? addresseesOfPosts(db, [asking]) : [],
  ])
  const everybody = new Map([...heads, ...askers].map((addressee) => [addressee.personId, addressee]))
  return [...everybody.values()].map((addressee) => ({
    addressee,
    wording: opinionsOwed({
      ...newsOf(outside, document, addressee),
      units: units.map(({ name, nameEn }) => (addressee.language === 'vi' ? name : nameEn)),
    }),
  }))
}

function lateChase(news: DocumentNews & { units: string[]; due: number | null }): Wording {
  const due = writeInstant(news.due) ?? '–'
  return news.language === 'vi'
    ? compose({
        ...news,
        subject: `[iMOIT] Quá hạn giải quyết: ${news.subject}`,
        paragraphs: [`Văn bản này đã quá hạn giải quyết (${due}). Đề nghị đồng chí đôn đốc các đơn vị sau:`],
        facts: [
          { label: 'Trích yếu', value: news.subject },
          { label: 'Số, ký hiệu', value: news.code },
        ],
        list: news.units,
        action: { label: 'Mở văn bản', url: news.url },
      })
    : compose({
        ...news,
        subject: `[iMOIT] Past its deadline: ${news.subject}`,
        paragraphs: [`This document is past its deadline (${due}). Please chase:`],
        facts: [
          { label: 'Subject', value: news.subject },
          { label: 'Number and notation', value: news.code },
        ],
        list: news.units,
        action: { label: 'Open the document', url: news.url },
      })
}

/** What somebody handed in comes back with a reason: to that person. */
export async function returnedLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const post = UUID.exec(text(call.input.to) ?? '')?.[0]
  const to = post ? await addresseesOfPosts(outside.db, [post]) : []
  return to.map((addressee) => ({
    addressee,
    wording: documentReturned({
      ...newsOf(outside, document, addressee),
      by: addressee.language === 'vi' ? 'Văn thư Bộ' : 'The ministry clerk',
      reason: text(call.input.reason) ?? '–',
    }),
  }))
}

const decisions = ['agreed', 'disagreed', 'directed'] as const

/** What was decided on a slip: to whoever submitted it. */
export async function decidedLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const outcome = decisions.find((one) => one === call.input.outcome)
  if (!outcome) throw new CallRefused('letter-invalid', `no decision: ${JSON.stringify(call.input.outcome)}`)
  const personAt = (post: unknown) => {
    const id = UUID.exec(text(post) ?? '')?.[0]
    return id ? addresseesOfPosts(outside.db, [id]) : Promise.resolve([])
  }
  const [by, to] = await Promise.all([personAt(call.input.by), personAt(call.input.to)])
  return to.map((addressee) => ({
    addressee,
    wording: slipDecided({
      ...newsOf(outside, document, addressee),
      by: by[0]?.fullName ?? (addressee.language === 'vi' ? 'Lãnh đạo Bộ' : 'The leader'),
      outcome,
      opinion: text(call.input.opinion),
    }),
  }))
}

/** What became of the opinions: to the heads of the units that were asked. */
export async function concludedLetters(outside: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const document = await documentOf(outside, call)
  const to = await addresseesOfGroups(outside.db, unitGroups(codes(call.input.units), ['head']))
  return to.map((addressee) => ({
    addressee,
    wording: opinionsConcluded({ ...newsOf(outside, document, addressee), synthesis: text(call.input.synthesis) }),
  }))
}

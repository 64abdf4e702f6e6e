import { answerCall } from '#db/case-work.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { addDraftVersion } from '#db/outgoing.ts'
import { arrive, subjectOf, type StoryTeller } from './arrival.ts'
import { incomingPaper, replyPaper, type Fate, type IncomingLetter } from './letters.ts'
import type { Office, StoredPaper } from './office.ts'
import { officeDay } from './public-services.ts'
import type { Story } from './timeline.ts'

type Act =
  'arrive' | 'register' | 'submit' | 'direct' | 'assign' | 'handle' | 'approve' | 'revise' | 'signOff' | 'dispatch'

/** The last thing that was done to a document of a fate, and the working hours since: some wait briefly, some too long. */
const ends: Record<Fate, { last: Act; since: number[] }> = {
  waiting: { last: 'arrive', since: [0.4, 0.9, 1.6, 2.4, 3.2, 4.6, 6.5, 0.2] },
  refused: { last: 'register', since: [31, 76] },
  registered: { last: 'register', since: [0.8, 2.1, 4.2, 6.9, 9.3, 13.5] },
  directing: { last: 'submit', since: [1.2, 2.8, 4.6, 6.9, 8.8, 11.7, 17.4] },
  assigned: { last: 'direct', since: [1.1, 2.3, 4.2, 7.1, 10.4, 15.8, 25.5] },
  handling: { last: 'assign', since: [2.2, 5.1, 9.3, 14.2, 19.6, 23.4, 26.8, 30.5, 36.1, 43.3, 51.2, 60.4] },
  approving: { last: 'handle', since: [1.4, 3.3, 6.2, 9.1, 14.6] },
  revising: { last: 'approve', since: [2.5, 11.2] },
  signing: { last: 'approve', since: [1.3, 4.4, 7.2, 12.9] },
  dispatching: { last: 'signOff', since: [0.7, 2.6, 5.3] },
  closed: { last: 'dispatch', since: [5.5, 18.2, 33.4, 52.1, 71.6, 96.3, 120.7, 149.2] },
  settled: { last: 'approve', since: [27.3, 88.4] },
  filed: { last: 'direct', since: [9.4, 36.2, 65.8, 101.3] },
  returned: { last: 'assign', since: [2.1, 7.7] },
}

/** Working hours after the arrival at which each thing is done, a little different for each document. */
function paceOf(index: number): Record<Act, number> {
  const wobble = (salt: number, range: number) => (((index * 37 + salt * 53) % 97) / 97) * range
  const register = 0.6 + wobble(1, 2.6)
  const submit = register + 1.1 + wobble(2, 5)
  const direct = submit + 1.4 + wobble(3, 6)
  const assign = direct + 0.8 + wobble(4, 6)
  const handle = assign + 17 + wobble(5, 9)
  const approve = handle + 1.2 + wobble(6, 6)
  const revise = approve + 2 + wobble(7, 4)
  const signOff = revise + 3.5 + wobble(8, 5)
  const dispatch = signOff + 0.6 + wobble(9, 3)
  return { arrive: 0, register, submit, direct, assign, handle, approve, revise, signOff, dispatch }
}

const leaders = ['thutruong1', 'thutruong2', 'thutruong3', 'botruong'] as const

/** What happens to one incoming letter, up to where it stands. */
export async function* incomingStory(
  teller: StoryTeller,
  letter: IncomingLetter,
  place: { index: number; ordinal: number },
): Story {
  const { office, ago } = teller
  const { last, since } = ends[letter.fate]
  const pace = paceOf(place.index)
  const waited = since[place.ordinal % since.length] ?? 1
  const at = (act: Act, later = 0) => ago(Math.max(0, waited + pace[last] - pace[act] - later))
  const key = (step: string) => `demonstration:${letter.key}:${step}`
  const clerk = place.index % 3 === 0 ? 'vanthu2' : 'vanthu'
  const leader = letter.agencyCode?.endsWith('G22') && place.index % 2 === 0 ? 'botruong' : leaders[place.index % 3]!
  const issuedOn = officeDay(at('arrive', -9))

  // Ordered before the first wait, so that the papers of all stories are made ahead of their time.
  const paper = office.paper(`${letter.number}-${letter.notation}.pdf`, incomingPaper(letter, issuedOn), at('arrive'))
  const drafts = draftVersionsOf(letter.fate, place.ordinal, waited).map((version) =>
    draftPaper(office, letter, leader, version, at('handle')),
  )

  yield at('arrive')
  const { caseId, documentId } = await arrive(teller, letter, await paper, issuedOn, at('arrive'))
  if (letter.fate === 'waiting') return

  yield at('register')
  if (letter.fate === 'refused') {
    await office.fill(clerk, caseId, 'incoming.register', key('register'), {
      outcome: 'refused',
      reason: letter.ask.includes('triển lãm')
        ? 'Nội dung không thuộc chức năng, nhiệm vụ của Bộ Công Thương'
        : 'Tệp kèm theo không mở được, đề nghị gửi lại văn bản',
    })
    return
  }
  await office.fill(clerk, caseId, 'incoming.register', key('register'), {
    outcome: 'registered',
    number: letter.number,
    notation: letter.notation,
    kindCode: letter.kindCode,
    subject: subjectOf(letter),
    agencyCode: letter.agencyCode ?? undefined,
    agencyName: letter.agencyName,
    issuedOn,
    urgency: letter.urgency,
    signerName: letter.signerName,
    signerPosition: letter.signerPosition,
    pageCount: 1 + (place.index % 4),
  })
  if (letter.fate === 'registered') return

  yield at('submit')
  const { postId } = office.who(leader).viewer
  const leadName = office.unitNames.get(letter.lead)?.name ?? letter.lead
  await office.fill(place.index % 4 === 0 ? 'phovp1' : 'chanhvp', caseId, 'incoming.submit', key('submit'), {
    outcome: 'submitted',
    leaderPost: postId,
    proposal:
      letter.fate === 'filed'
        ? 'Kính trình Lãnh đạo Bộ để biết.'
        : `Kính trình Lãnh đạo Bộ; đề xuất giao ${leadName} chủ trì.`,
  })
  if (letter.fate === 'directing') return

  yield at('direct')
  if (letter.fate === 'filed') {
    await office.fill(leader, caseId, 'incoming.direct', key('direct'), {
      outcome: 'filed',
      opinion: 'Đã xem. Lưu để biết.',
    })
    return
  }
  await office.fill(leader, caseId, 'incoming.direct', key('direct'), {
    outcome: 'directed',
    leadUnit: letter.lead,
    coordinatingUnits: letter.coordinating,
    informationUnits: letter.informed,
    deadline: letter.urgency > 0 ? '5 ngày' : `${7 + (place.index % 4)} ngày`,
    opinion: `Giao ${leadName} chủ trì, phối hợp với các đơn vị liên quan tham mưu văn bản trả lời đúng thời hạn.`,
  })
  if (letter.fate === 'assigned') return

  yield at('assign')
  const head = office.headOf(letter.lead)
  const specialist = office.specialistOf(letter.lead)
  if (letter.fate === 'returned') {
    await office.fill(head, caseId, 'incoming.assign', key('assign'), {
      outcome: 'returned',
      reason: `Nội dung không thuộc chức năng của ${leadName}, đề nghị giao đơn vị khác`,
    })
    return
  }
  await office.fill(head, caseId, 'incoming.assign', key('assign'), {
    outcome: 'assigned',
    specialistPost: office.who(specialist).viewer.postId,
    handlingDeadline: '4 ngày',
    instruction: 'Nghiên cứu, lấy ý kiến các đơn vị phối hợp và dự thảo văn bản trả lời.',
  })
  const handling = letter.fate === 'handling'
  // Of those still at work, some units have answered and some have not.
  const answering = handling
    ? letter.coordinating.slice(0, place.ordinal % (letter.coordinating.length + 1))
    : letter.coordinating
  for (const [order, unit] of answering.entries()) {
    const later = Math.min(handling ? waited * 0.8 : 14, 2.5 + order * 3.1 + (place.index % 5))
    yield at('assign', later)
    await giveOpinion(office, caseId, unit, place.index + order, key)
  }
  if (handling) {
    if (waited > DRAFTED_AFTER) {
      yield at('assign', Math.max(11.5, waited * 0.85))
      await draft(office, { caseId, documentId, specialist, letter, paper: drafts[0], version: 1 })
    }
    return
  }

  if (letter.fate === 'settled') {
    yield at('handle')
    await office.fill(specialist, caseId, 'incoming.handle', key('handle'), {
      outcome: 'noReply',
      result: 'Đã cử cán bộ tham gia và trao đổi trực tiếp với cơ quan gửi; không cần văn bản trả lời.',
    })
    yield at('approve')
    await office.fill(head, caseId, 'incoming.approve', key('approve'), {
      outcome: 'approved',
      note: 'Đồng ý kết thúc.',
    })
    return
  }

  yield at('handle')
  const drafted = { caseId, documentId, specialist, letter }
  let sha256 = await draft(office, { ...drafted, paper: drafts[0], version: 1 })
  await office.fill(specialist, caseId, 'incoming.handle', key('handle'), {
    outcome: 'submitted',
    sha256,
    note: 'Kính trình lãnh đạo đơn vị xem xét dự thảo.',
  })
  if (letter.fate === 'approving') return

  yield at('approve')
  const revised = isRevised(letter.fate, place.ordinal)
  if (revised) {
    await office.fill(head, caseId, 'incoming.approve', key('return'), {
      outcome: 'returned',
      reason: 'Bổ sung số liệu và rà soát lại thể thức theo Nghị định 30/2020/NĐ-CP',
    })
    if (letter.fate === 'revising') return
    if (letter.fate !== 'signing') yield at('approve', 1.5)
    sha256 = await draft(office, { ...drafted, paper: drafts[1], version: 2 })
    await office.fill(specialist, caseId, 'incoming.handle', key('revise'), { outcome: 'submitted', sha256 })
    if (letter.fate !== 'signing') yield at('revise')
  }
  await office.fill(head, caseId, 'incoming.approve', key('approve'), {
    outcome: 'approved',
    sha256,
    note: 'Đồng ý nội dung dự thảo.',
  })
  if (letter.fate === 'signing') return

  yield at('signOff')
  await office.fill(leader, caseId, 'incoming.signOff', key('signOff'), { outcome: 'signed', sha256, note: 'Đồng ý.' })
  if (letter.fate === 'dispatching') return

  yield at('dispatch')
  await office.fill(clerk, caseId, 'incoming.dispatch', key('dispatch'), {
    outcome: 'dispatched',
    kindCode: 'CV',
    subject: `V/v trả lời về việc ${letter.subject}`,
    recipients: `${letter.agencyName}; Bộ trưởng (để báo cáo); Lưu: VT, ${letter.lead}`,
    copies: 3,
    recipientAgencies: letter.agencyCode === null ? [] : [letter.agencyCode],
    recipientUnits: letter.coordinating,
  })
  const [call] = await office.db.sql<{ id: string }[]>`
    select id from calls where case_id = ${caseId} and token is not null and state = 'open' and service_type = 'exchange.send'`
  if (call) await answerCall(office.db, call.id, {})
}

/** Working hours after which a specialist who is still at work has a first draft. */
const DRAFTED_AFTER = 12
const isRevised = (fate: Fate, ordinal: number) => fate === 'revising' || (fate !== 'approving' && ordinal % 3 === 2)

/** Which versions of the reply a story comes to. */
function draftVersionsOf(fate: Fate, ordinal: number, waited: number): number[] {
  switch (fate) {
    case 'handling':
      return waited > DRAFTED_AFTER ? [1] : []
    case 'approving':
    case 'revising':
      return [1]
    case 'signing':
    case 'dispatching':
    case 'closed':
      return isRevised(fate, ordinal) ? [1, 2] : [1]
    default:
      return []
  }
}

function draftPaper(office: Office, letter: IncomingLetter, leader: string, version: number, neededAt: number) {
  const unit = office.unitNames.get(letter.lead)
  return office.paper(
    'Dự thảo văn bản trả lời.pdf',
    replyPaper(letter, {
      unitName: unit?.name ?? letter.lead,
      unitNotation: unit?.notation ?? 'BCT',
      code: `${letter.number}/${letter.notation}`,
      version,
      leader: { name: office.who(leader).signer.name, deputy: leader !== 'botruong' },
    }),
    neededAt,
  )
}

async function giveOpinion(
  office: Office,
  caseId: string,
  unit: string,
  order: number,
  key: (step: string) => string,
): Promise<void> {
  const head = office.headOf(unit)
  const name = office.unitNames.get(unit)?.name ?? unit
  const opinionText = `${name} nhất trí với nội dung dự thảo; đề nghị bổ sung số liệu thuộc lĩnh vực phụ trách.`
  if (order % 7 === 5) {
    await office.fill(head, caseId, 'incoming.coordinate', key(`coordinate:${unit}`), {
      outcome: 'notConcerned',
      reason: `Nội dung không thuộc lĩnh vực của ${name}`,
    })
    return
  }
  if (order % 3 !== 1) {
    await office.fill(head, caseId, 'incoming.coordinate', key(`coordinate:${unit}`), { outcome: 'given', opinionText })
    return
  }
  const specialist = office.specialistOf(unit)
  await office.fill(head, caseId, 'incoming.coordinate', key(`coordinate:${unit}`), {
    outcome: 'assigned',
    opinionPost: office.who(specialist).viewer.postId,
    instruction: 'Nghiên cứu, cho ý kiến trong ngày.',
  })
  await office.fill(specialist, caseId, 'incoming.giveOpinion', key(`opinion:${unit}`), {
    outcome: 'given',
    opinionText,
  })
}

/** A version of the reply's draft. @returns its SHA-256 */
async function draft(
  office: Office,
  drafted: {
    caseId: string
    documentId: string
    specialist: string
    letter: IncomingLetter
    paper: Promise<StoredPaper> | undefined
    version: number
  },
): Promise<string> {
  const { letter, version, specialist } = drafted
  const kept = (await draftVersions(office.db, drafted.documentId)).find((each) => each.version === version)
  if (kept) return kept.sha256
  const paper = await drafted.paper
  if (!paper) throw new Error(`no draft was made for ${letter.key}`)
  const { viewer } = office.who(specialist)
  const [task] = await office.db.sql<{ id: string }[]>`
    select id from tasks where case_id = ${drafted.caseId} and form_key = 'incoming.handle' and state = 'open' and assignee_post = ${viewer.postId}`
  if (!task) throw new Error(`${specialist} has nothing to draft in ${letter.key}`)
  const { name, sha256, size, mediaType } = paper
  await addDraftVersion(office.db, viewer, {
    taskId: task.id,
    name,
    sha256,
    size,
    mediaType,
    subject: `V/v trả lời về việc ${letter.subject}`,
  })
  return sha256
}

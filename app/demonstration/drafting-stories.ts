import { answerCall } from '#db/case-work.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { addOwnDraftVersion } from '#db/drafted-documents.ts'
import { startOpinionRequest, startOutgoing, startSlip } from '#db/start-drafting.ts'
import {
  draftFates,
  requestPaper,
  type DraftedLetter,
  type DraftedRequest,
  type DraftedSlip,
  type DraftFate,
} from './drafted-documents.ts'
import { outgoingPaper } from './letters.ts'
import type { Office, StoredPaper } from './office.ts'
import { answerOpinion, windowOf } from './opinion-answers.ts'
import type { Story } from './timeline.ts'

interface Teller {
  office: Office
  ago: (hours: number) => number
}

/** Working hours ago that a document of this fate was begun. */
const begunAgo: Record<DraftFate, number> = {
  asking: 6,
  late: 20,
  approving: 16,
  revising: 18,
  withdrawn: 52,
  checkingFormat: 22,
  checkingLaw: 30,
  signing: 24,
  dispatching: 28,
  issued: 76,
}

const contentOf = ({ name, sha256, size, mediaType }: StoredPaper) => ({ name, sha256, size, mediaType })

/** An outgoing document, from its draft over opinions and checks to the registry, as far as its fate goes. */
export async function* draftedLetterStory({ office, ago }: Teller, letter: DraftedLetter, index: number): Story {
  const key = (step: string) => `demonstration:${letter.key}:${step}`
  let hours = begunAgo[letter.fate] + (letter.fate === 'issued' ? index : 0)
  const later = (by: number) => ago((hours = Math.max(0.2, hours - by)))
  const passes = (fate: DraftFate) => draftFates.indexOf(letter.fate) > draftFates.indexOf(fate)
  const [author, head, leader] = [
    office.specialistOf(letter.unit),
    office.headOf(letter.unit),
    `thutruong${1 + (index % 3)}`,
  ]
  const unit = office.unitNames.get(letter.unit)
  const abbreviation = letter.kindCode === 'CV' ? null : letter.kindCode
  const agencyNames = letter.agencies.map((agency) => office.agencyNames.get(agency) ?? agency)
  const subject =
    abbreviation === null ? letter.subject : letter.subject.charAt(0).toLocaleUpperCase('vi') + letter.subject.slice(1)
  const paperOf = (version: number) =>
    office.paper(
      'Dự thảo văn bản.pdf',
      outgoingPaper(version === 1 ? letter : { ...letter, ask: `${letter.ask}, hoàn thành trước ngày 30` }, {
        number: null,
        notation: abbreviation === null ? (unit?.notation ?? 'BCT') : `${abbreviation}-BCT`,
        date: null,
        agencyNames,
        unitName: unit?.name ?? letter.unit,
        leaderName: office.who(leader).signer.name,
      }),
      ago(hours),
    )
  const paper = paperOf(1)

  yield ago(hours)
  const facts = {
    subject: abbreviation === null ? `V/v ${subject}` : subject,
    kindCode: letter.kindCode,
    recipients: [...(agencyNames.length > 0 ? agencyNames : ['Các đơn vị thuộc Bộ']), `Lưu: VT, ${letter.unit}`].join(
      '; ',
    ),
    recipientAgencies: letter.agencies,
    recipientUnits: letter.agencies.length === 0 ? ['VP', letter.unit] : [letter.unit],
  }
  const { caseId, documentId } = await startOutgoing(office.db, office.who(author).viewer, {
    ...facts,
    ...(await windowOf(office, letter.opinions)),
    key: key('start'),
    urgency: letter.urgency,
    leaderPost: office.who(leader).viewer.postId,
    opinionUnits: letter.opinions,
    legalCheck: letter.legal,
    note: 'Kính trình lãnh đạo xem xét.',
    drafts: [contentOf(await paper)],
    appendices: [],
  })
  const shown = async () => (await draftVersions(office.db, documentId))[0]?.sha256

  const answering = letter.fate === 'asking' || letter.fate === 'late' ? letter.opinions.slice(0, 1) : letter.opinions
  for (const [order, asked] of answering.entries()) {
    yield later(1.5)
    await answerOpinion(office, { caseId, unit: asked, order: order + index, key })
  }
  if (letter.fate === 'asking' || letter.fate === 'late') return

  yield later(2)
  if (letter.fate === 'approving') return
  if (letter.fate === 'revising' || letter.fate === 'withdrawn') {
    await office.fill(head, caseId, 'outgoing.approve', key('approve'), {
      outcome: 'returned',
      reason: 'Bổ sung số liệu và nêu rõ thời hạn các đơn vị phải thực hiện',
    })
    if (letter.fate === 'revising') return
    yield later(3)
    await office.fill(author, caseId, 'outgoing.revise', key('withdraw'), {
      outcome: 'withdrawn',
      reason: 'Nội dung đã đưa vào kế hoạch chung của Bộ, không ban hành riêng',
    })
    return
  }
  const approve = async (step: string) =>
    office.fill(head, caseId, 'outgoing.approve', key(step), {
      outcome: 'approved',
      sha256: await shown(),
      legalCheck: letter.legal,
      note: 'Đồng ý nội dung dự thảo.',
    })
  await approve('approve')

  yield later(2)
  if (letter.fate === 'checkingFormat') return
  if (letter.fate === 'issued' && letter.legal) {
    await office.fill('vp.cv', caseId, 'outgoing.checkFormat', key('format-returned'), {
      outcome: 'returned',
      reason: 'Sai thể thức phần căn cứ và nơi nhận theo Nghị định 30/2020/NĐ-CP',
    })
    const second = paperOf(2)
    yield later(2)
    await redraft(office, { author, caseId, paper: await second })
    await office.fill(author, caseId, 'outgoing.revise', key('revise'), {
      outcome: 'submitted',
      sha256: await shown(),
      note: 'Đã sửa theo ý kiến của Văn phòng.',
    })
    yield later(2)
    await approve('approve-again')
    yield later(1)
  }
  await office.fill('vp.cv', caseId, 'outgoing.checkFormat', key('format'), {
    outcome: 'approved',
    sha256: await shown(),
  })

  yield later(2)
  if (letter.fate === 'checkingLaw') return
  if (letter.legal) {
    await office.fill('pc.cv', caseId, 'outgoing.checkLaw', key('law'), {
      outcome: 'approved',
      sha256: await shown(),
      note: 'Phù hợp với quy định hiện hành.',
    })
    yield later(2)
  }
  if (!passes('signing')) return
  await office.fill(leader, caseId, 'incoming.signOff', key('sign'), { outcome: 'signed', sha256: await shown() })
  if (!passes('dispatching')) return

  yield later(2)
  await office.fill('vanthu2', caseId, 'incoming.dispatch', key('dispatch'), {
    outcome: 'dispatched',
    ...facts,
    copies: 2,
  })
  const [call] = await office.db.sql<{ id: string }[]>`
    select id from calls where case_id = ${caseId} and token is not null and state = 'open' and service_type = 'exchange.send'`
  if (call) await answerCall(office.db, call.id, {})
}

/** A new version of the author's draft, once. */
async function redraft(
  office: Office,
  { author, caseId, paper }: { author: string; caseId: string; paper: StoredPaper },
): Promise<void> {
  const { viewer } = office.who(author)
  const [task] = await office.db.sql<{ id: string; kept: boolean }[]>`
    select t.id, exists (select 1 from document_files f where f.document_id = t.document_id and f.sha256 = ${paper.sha256}) as kept
    from tasks t where case_id = ${caseId} and form_key = 'outgoing.revise' and state = 'open'`
  if (task && !task.kept) await addOwnDraftVersion(office.db, viewer, { ...contentOf(paper), taskId: task.id })
}

const slipAgo: Record<DraftedSlip['fate'], number> = {
  reviewing: 3,
  atOffice: 7,
  deciding: 10,
  revising: 13,
  agreed: 60,
  disagreed: 44,
  directed: 36,
}

/** A submission slip on its way to a leader. */
export async function* slipStory({ office, ago }: Teller, slip: DraftedSlip, index: number): Story {
  const key = (step: string) => `demonstration:${slip.key}:${step}`
  let hours = slipAgo[slip.fate]
  const later = (by: number) => ago((hours = Math.max(0.2, hours - by)))
  const leader = index % 2 === 0 ? 'botruong' : 'thutruong2'

  yield ago(hours)
  const { caseId } = await startSlip(office.db, office.who(office.specialistOf(slip.unit)).viewer, {
    key: key('start'),
    subject: slip.subject,
    proposal: slip.proposal,
    leaderPost: office.who(leader).viewer.postId,
    viaOffice: slip.office,
    drafts: [],
    attachments: [],
  })
  yield later(2)
  if (slip.fate === 'reviewing') return
  const head = office.headOf(slip.unit)
  if (slip.fate === 'revising') {
    await office.fill(head, caseId, 'slip.review', key('review'), {
      outcome: 'returned',
      reason: 'Nêu rõ số tiền và căn cứ pháp lý của nguồn kinh phí',
    })
    return
  }
  await office.fill(head, caseId, 'slip.review', key('review'), {
    outcome: 'approved',
    note: 'Nhất trí với đề xuất của chuyên viên, kính trình lãnh đạo Bộ.',
  })
  yield later(3)
  if (slip.fate === 'atOffice') return
  if (slip.office) {
    await office.fill('chanhvp', caseId, 'slip.office', key('office'), {
      outcome: 'forwarded',
      note: 'Hồ sơ đầy đủ, kính trình lãnh đạo Bộ xem xét.',
    })
    yield later(3)
  }
  if (slip.fate === 'deciding') return
  const opinions = {
    agreed: 'Đồng ý phương án hai, báo cáo kết quả sau vòng đàm phán.',
    disagreed: 'Chưa phù hợp trong năm nay; đưa vào kế hoạch năm sau.',
    directed: 'Trao đổi thống nhất với Văn phòng Bộ trước khi trình lại danh sách.',
  }
  await office.fill(leader, caseId, 'slip.decide', key('decide'), {
    outcome: slip.fate,
    opinion: opinions[slip.fate],
  })
}

const requestAgo: Record<DraftedRequest['fate'], number> = { asking: 7, late: 21, synthesising: 15, concluded: 64 }

/** Units are asked for their opinion on a draft. */
export async function* requestStory({ office, ago }: Teller, request: DraftedRequest, index: number): Story {
  const key = (step: string) => `demonstration:${request.key}:${step}`
  let hours = requestAgo[request.fate]
  const later = (by: number) => ago((hours = Math.max(0.2, hours - by)))
  const author = office.specialistOf(request.unit)
  const unitName = office.unitNames.get(request.unit)?.name ?? request.unit
  const paper = office.paper('Dự thảo xin ý kiến.pdf', requestPaper(request, unitName), ago(hours))

  yield ago(hours)
  const { caseId } = await startOpinionRequest(office.db, office.who(author).viewer, {
    ...(await windowOf(office, request.units)),
    key: key('start'),
    subject: request.subject,
    question: request.question,
    opinionUnits: request.units,
    drafts: [contentOf(await paper)],
    attachments: [],
  })
  const owing = request.fate === 'asking' ? 3 : request.fate === 'synthesising' ? 0 : 1
  for (const [order, unit] of request.units.slice(0, request.units.length - owing).entries()) {
    yield later(1.5)
    await answerOpinion(office, { caseId, unit, order: order + index, key })
  }
  if (request.fate !== 'concluded') return
  yield later(20)
  await office.fill(author, caseId, 'opinion.close', key('close'), {
    outcome: 'closed',
    note: 'Đã đôn đốc hai lần; cần hoàn thiện hồ sơ đúng tiến độ.',
  })
  yield later(5)
  await office.fill(author, caseId, 'opinion.conclude', key('conclude'), {
    outcome: 'concluded',
    synthesis:
      'Tiếp thu ý kiến về bổ sung số liệu tại Điều 2. Không tiếp thu đề nghị lùi thời hạn vì đã nêu trong chương trình công tác năm.',
  })
}

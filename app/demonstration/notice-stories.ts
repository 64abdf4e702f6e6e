import { insertInternal } from '#db/internal.ts'
import { startCase } from '#db/step.ts'
import { noticePaper, type InternalNotice } from './letters.ts'
import { notice55 } from './notice-55.ts'
import type { Office, StoredPaper } from './office.ts'
import { officeDay } from './public-services.ts'
import type { Story } from './timeline.ts'

/** Working hours ago that a notice is prepared, in the order of the list. */
const prepared = [190, 150, 47, 60, 21, 13, 34, 80, 9]
const DRAFT_NAME = 'Dự thảo thông báo.pdf'
const recipientsText = (units: string[]) =>
  `Lãnh đạo Bộ; ${units.length === 0 ? 'Các đơn vị trong Bộ (iMOIT)' : units.join(', ')}; Lưu: VT`

interface Teller {
  office: Office
  ago: (hours: number) => number
}

/** The instants at which the notices of the list are numbered (those that are). */
export function numberingTimes(notices: InternalNotice[], ago: (hours: number) => number): number[] {
  return notices.flatMap((notice, index) => (notice.fate === 'returned' ? [] : [ago(hoursOf(index) - 2)]))
}
const hoursOf = (index: number) => prepared[index % prepared.length] ?? 40

/** An internal notice, from its author over the registry to the units. */
export async function* noticeStory({ office, ago }: Teller, notice: InternalNotice, index: number): Story {
  const start = hoursOf(index)
  const key = (step: string) => `demonstration:${notice.key}:${step}`
  const author = office.who(notice.author)
  const signer = office.who(notice.signer)
  const units = notice.units.length > 0 ? notice.units : [...office.unitNames.keys()]
  const unitCode = author.viewer.unitCode

  const paper = office.paper(
    DRAFT_NAME,
    noticePaper(notice, {
      unitName: office.unitNames.get(unitCode)?.name ?? unitCode,
      unitCode,
      signerName: signer.signer.name,
      signerTitle: signer.signer.title,
    }),
    ago(start),
  )

  yield ago(start)
  const { caseId, documentId } = await prepare(office, {
    key: key('start'),
    author: notice.author,
    subject: notice.subject,
    signer: signer.signer,
    recipients: recipientsText(notice.units),
    units,
    paper: await paper,
  })

  yield ago(start - 2)
  if (notice.fate === 'returned') {
    await office.fill('vanthu', caseId, 'notice.register', key('register'), {
      outcome: 'returned',
      reason: 'Dự thảo chưa có chữ ký nháy của lãnh đạo đơn vị, đề nghị hoàn thiện',
    })
    return
  }
  await office.fill('vanthu2', caseId, 'notice.register', key('register'), {
    outcome: 'issued',
    kindCode: 'TB',
    subject: notice.subject,
    issuedOn: officeDay(ago(start - 2)),
    signerName: signer.signer.name,
    signerPosition: signer.signer.title,
    recipients: recipientsText(notice.units),
    recipientUnits: units,
  })

  for (const [order, unit] of units.entries()) {
    // Of a running notice some units have noted it, some have opened it only, some have done neither.
    const part = notice.fate === 'closed' ? 0 : (order * 5 + index) % 9
    if (part > 6) continue
    yield ago(Math.max(0.3, start - 3 - order * (start > 60 ? 1.1 : 0.15)))
    if (part > 4) {
      await markOpened(office, documentId, unit)
      continue
    }
    const head = office.headOf(unit)
    if (order % 4 !== 2) {
      await office.fill(head, caseId, 'notice.receive', key(`receive:${unit}`), {
        outcome: 'noted',
        opinion: 'Đã nhận, phổ biến đến công chức trong đơn vị.',
      })
      continue
    }
    const specialist = unit === 'LDB' ? 'botruong' : office.specialistOf(unit)
    await office.fill(head, caseId, 'notice.receive', key(`receive:${unit}`), {
      outcome: 'directed',
      carryOutPost: office.who(specialist).viewer.postId,
      carryOutDeadline: '5 ngày',
      instruction: `Tham mưu lãnh đạo đơn vị: ${notice.ask}.`,
    })
    if (notice.fate !== 'closed' && order % 8 !== 2) continue
    yield ago(Math.max(0.2, start - 22 - order))
    await office.fill(specialist, caseId, 'notice.carryOut', key(`carryOut:${unit}`), {
      outcome: 'done',
      result: 'Đã tham mưu và gửi kết quả đúng thời hạn.',
    })
  }
}

/** Notice 55/TB-BCT, prepared by its author and waiting for its number. */
export async function* notice55Story({ office, ago }: Teller): Story {
  const at = ago(1.3)
  const letter = notice55(at)
  const paper = office.paper(DRAFT_NAME, letter, at)
  yield at
  await prepare(office, {
    key: 'demonstration:notice-55:start',
    author: 'vp.cv',
    subject: letter.subject,
    signer: office.who('chanhvp').signer,
    recipients: 'Lãnh đạo Bộ; Các đơn vị trong Bộ (iMOIT); Lưu: VT, VP',
    units: [...office.unitNames.keys()],
    paper: await paper,
  })
}

async function prepare(
  office: Office,
  notice: {
    key: string
    author: string
    subject: string
    signer: { name: string; title: string }
    recipients: string
    units: string[]
    paper: StoredPaper
  },
): Promise<{ caseId: string; documentId: string }> {
  const { viewer } = office.who(notice.author)
  const { name, sha256, size, mediaType } = notice.paper
  const started = await startCase(office.db, {
    flowId: 'internal-notice',
    documentId: null,
    variables: { subject: notice.subject, recipientUnits: notice.units, authorPost: `post:${viewer.postId}` },
    key: notice.key,
    actor: { personId: viewer.personId, postId: viewer.postId },
    async act(scope) {
      const documentId = await insertInternal(scope, {
        subject: notice.subject,
        kindCode: 'TB',
        signerName: notice.signer.name,
        signerPosition: notice.signer.title,
        recipients: notice.recipients,
        unitId: viewer.unitId,
        postId: viewer.postId,
        file: { name, sha256, size, mediaType },
      })
      await scope.sql`update documents set case_id = ${scope.caseId} where id = ${documentId}`
      return { documentId }
    },
  })
  if (!started.documentId) throw new Error(`the notice ${notice.key} made no document`)
  return { caseId: started.caseId, documentId: started.documentId }
}

/** A head has looked at it and not said anything yet. */
async function markOpened(office: Office, documentId: string, unit: string): Promise<void> {
  const { viewer } = office.who(office.headOf(unit))
  await office.db.sql`update document_parts set opened_by = ${viewer.personId},
      opened_at = clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond'
    where document_id = ${documentId} and unit_id = ${viewer.unitId} and opened_at is null`
}

import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import { opinionWindow } from '../forms/opinion-window.ts'
import type { Office } from './office.ts'

/** Units are asked for two working days, 16 hours. */
const ASKED_FOR = '2 ngày'

/** Until when units are asked that are asked now. */
export async function windowOf(office: Office, units: readonly string[]) {
  const [{ now }, calendar] = await Promise.all([readClock(office.db), workingCalendar(office.db)])
  return opinionWindow(units, ASKED_FOR, { now, calendar })
}

/** What a unit says: it agrees, has its specialist comment, or disagrees. */
export async function answerOpinion(
  office: Office,
  asked: { caseId: string; unit: string; order: number; key: (step: string) => string },
): Promise<void> {
  const { caseId, unit, order, key } = asked
  const name = office.unitNames.get(unit)?.name ?? unit
  const head = office.headOf(unit)
  if (order % 3 === 0) {
    await office.fill(head, caseId, 'opinion.answer', key(`answer:${unit}`), { outcome: 'agreed' })
    return
  }
  if (order % 5 === 4) {
    await office.fill(head, caseId, 'opinion.answer', key(`answer:${unit}`), {
      outcome: 'disagreed',
      opinionText: `${name} không nhất trí với thời hạn nêu trong dự thảo; đề nghị lùi ít nhất một quý.`,
    })
    return
  }
  const specialist = office.specialistOf(unit)
  await office.fill(head, caseId, 'opinion.answer', key(`answer:${unit}`), {
    outcome: 'assigned',
    opinionPost: office.who(specialist).viewer.postId,
    instruction: 'Nghiên cứu, cho ý kiến trong ngày.',
  })
  await office.fill(specialist, caseId, 'opinion.write', key(`write:${unit}`), {
    outcome: 'commented',
    opinionText: `${name} nhất trí với dự thảo; đề nghị bổ sung số liệu thuộc lĩnh vực phụ trách.`,
  })
}

import { Refusal } from '#db/refusal.ts'
import { parseDeadline } from './deadline.ts'
import { directSchema } from './incoming-schemas.ts'
import { deadlineUnreadable } from './person-choice.ts'
import { reasoned, taskForm, type FormStep } from './task-form.ts'

/** Bút phê: a leader names lead unit, coordinating units, units for information, deadline, opinion (NĐ 30/2020 Điều 23). */
export const incomingDirect = taskForm({
  key: 'incoming.direct',
  action: 'document:direct',
  schema: directSchema,
  async complete({ db, now, calendar, task }, value): Promise<FormStep> {
    if (value.outcome === 'returned') return reasoned(value)
    if (value.outcome === 'filed') {
      return {
        outcome: value.outcome,
        opinion: value.opinion,
        act: async (scope) => {
          scope.write(
            () => scope.sql`update documents set state = 'filed', closed_at = to_timestamp(${scope.now}::float8 / 1000), version = version + 1
              where id = ${task.documentId}`,
          )
        },
      }
    }
    const dueAt = parseDeadline(value.deadline, now, calendar)
    if (dueAt === null) throw deadlineUnreadable('deadline')
    const asked = [...new Set([value.leadUnit, ...value.coordinatingUnits, ...value.informationUnits])]
    const known = await db.sql<
      { code: string }[]
    >`select code from units where code = any(${asked}::text[]) and (valid_to is null or valid_to >= current_date)`
    const missing = asked.filter((code) => !known.some((unit) => unit.code === code))
    if (missing.length > 0) {
      throw new Refusal('unit-not-there', 422, {
        vi: `Đơn vị ${missing.join(', ')} không còn hoạt động nên chưa chuyển đi. Hãy tải lại trang và chọn lại.`,
        en: `The unit ${missing.join(', ')} does not exist any more, so nothing was passed on. Reload the page and choose again.`,
      })
    }
    // One part for each unit: the weightier one holds.
    const coordinating = value.coordinatingUnits.filter((code) => code !== value.leadUnit)
    const informed = value.informationUnits.filter((code) => code !== value.leadUnit && !coordinating.includes(code))
    return {
      outcome: value.outcome,
      opinion: value.opinion,
      record: {
        leadUnit: value.leadUnit,
        coordinatingUnits: coordinating,
        informationUnits: informed,
        deadline: new Date(dueAt).toISOString(),
      },
      variables: {
        leadUnit: value.leadUnit,
        coordinatingUnits: [...new Set(coordinating)],
        informationUnits: [...new Set(informed)],
        deadline: new Date(dueAt).toISOString(),
        opinion: value.opinion,
      },
    }
  },
})

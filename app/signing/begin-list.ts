import { randomUUID } from 'node:crypto'
import { createSigningList, keepRefused, MOST_ON_A_LIST, tasksToSign, type RefusedTask } from '#db/signing-lists.ts'
import type { Database } from '#db/database.ts'
import { Refusal } from '#db/refusal.ts'
import { unitChoices, type UnitChoice } from '#db/task-choices.ts'
import { readTaskPage } from '#db/task-page.ts'
import type { Viewer } from '#db/visibility.ts'
import { taskForms } from '../forms/complete-form.ts'
import { may } from '../permissions.ts'
import { shownTask } from '../tasks/shown-task.ts'
import { usualDispatch } from '../tasks/usual-dispatch.ts'
import type { SigningGround } from './ground.ts'
import { beginAct } from './sign-task.ts'
import { faultOf } from './stages.ts'

/** A document ticked on the page, with the version that was shown there. */
export interface Ticked {
  taskId: string
  sha256: string
}

/** What one person signs many of: with their own key, or with the organisation's. */
export type ListLevel = 'personal' | 'organisation'

/** Forms that a signature of this level completes, so that many can be signed at once. */
const formsOf = (level: ListLevel) =>
  [...taskForms.values()].filter(({ signs }) => signs?.level === level).map(({ key }) => key)

/** The registry seals; everybody else signs for themselves. */
export const listLevel = (viewer: Viewer): ListLevel => (may(viewer, 'document:dispatch') ? 'organisation' : 'personal')

/** What waits for the viewer to sign, or to seal. */
export const waitingToSign = ({ db }: Pick<SigningGround, 'db'>, viewer: Viewer, level: ListLevel) =>
  tasksToSign(db, viewer, level, formsOf(level))

/**
 * Makes a list of what was ticked, in its order. What cannot be begun any more (another version, a task that ended, no delegation)
 * stands on the list with the reason and stops nothing. @returns the list's id
 */
export async function beginList(
  ground: SigningGround,
  viewer: Viewer,
  ticked: readonly Ticked[],
  fingerprint: string | null,
): Promise<string> {
  if (ticked.length === 0) throw nothingTicked()
  if (ticked.length > MOST_ON_A_LIST) throw tooMany()
  const { db } = ground
  const level = listLevel(viewer)
  const waiting = new Map((await waitingToSign(ground, viewer, level)).map((task) => [task.taskId, task]))
  const units = level === 'organisation' ? await unitChoices(db, { withLeaders: true }) : []
  const id = await createSigningList(db, viewer)
  const refused: RefusedTask[] = []
  for (const [position, { taskId, sha256 }] of ticked.entries()) {
    try {
      const task = waiting.get(taskId)
      const form = task && taskForms.get(task.formKey)
      if (!task || !form?.signs) throw gone()
      // Kind, subject and recipients of what is sealed as they were drafted.
      const usual = level === 'organisation' ? await usualOf(db, viewer, taskId, units) : {}
      const value = form.schema.parse({ ...usual, outcome: form.signs.outcome, sha256 })
      const filled = {
        task: { taskId, caseId: '', documentId: task.documentId, elementId: '', formKey: task.formKey },
        key: `task:${taskId}:${randomUUID()}`,
        value,
      }
      await beginAct(ground, viewer, filled, { role: form.signs.role, fingerprint, list: { id, position } })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ taskId, ...faultOf(error) })
    }
  }
  await keepRefused(db, id, refused)
  return id
}

const usualOf = async (db: Database, viewer: Viewer, taskId: string, units: readonly UnitChoice[]) =>
  usualDispatch(shownTask(await readTaskPage(db, viewer, taskId)), units)

const nothingTicked = () =>
  new Refusal('nothing-ticked', 422, {
    vi: 'Chưa chọn văn bản nào nên chưa ký gì. Hãy đánh dấu các văn bản cần ký rồi bấm ký.',
    en: 'No document is ticked, so nothing was signed. Tick those to be signed, then sign.',
  })

const tooMany = () =>
  new Refusal('too-many-to-sign', 422, {
    vi: `Mỗi lần ký được nhiều nhất ${MOST_ON_A_LIST} văn bản nên chưa ký gì. Hãy bỏ bớt dấu chọn rồi ký làm nhiều lần.`,
    en: `At most ${MOST_ON_A_LIST} documents can be signed at once, so nothing was signed. Untick some and sign in several goes.`,
  })

const gone = () =>
  new Refusal('task-ended', 409, {
    vi: 'Việc ký này không còn chờ đồng chí nữa nên không ký.',
    en: 'This no longer waits for your signature and was not signed.',
  })

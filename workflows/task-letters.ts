import type { ClaimedCall } from '#db/case-work.ts'
import {
  addresseesOfGroups,
  addresseesOfPosts,
  documentFacts,
  headsAbove,
  taskFacts,
  type Addressee,
  type DocumentFacts,
  type TaskFacts,
} from '#db/letter-news.ts'
import {
  taskAssigned,
  taskOverdue,
  taskOverdueForHead,
  taskReminder,
  type Escalation,
  type TaskNews,
} from '#mail/templates/task.ts'
import type { LetterTo } from './mail-call.ts'
import { CallRefused, type Outside } from './outside.ts'

/**
 * Letters about a task: that it waits, comes due, is overdue. To whoever has it, or to everybody who may take it; an overdue
 * one to those above, as the step says (`imoit.escalate`). None when the task has ended meanwhile.
 */
export async function taskLetters({ db, environment }: Outside, call: ClaimedCall): Promise<LetterTo[]> {
  const { about, token } = call.input
  if (typeof token !== 'string') throw new CallRefused('letter-invalid', 'the call names no task')
  const task = await taskFacts(db, call.caseId, token)
  if (!task || task.state !== 'open') return []
  const document = task.documentId === null ? null : await documentFacts(db, task.documentId)
  const having = task.assigneePost
    ? await addresseesOfPosts(db, [task.assigneePost])
    : await addresseesOfGroups(db, task.candidateGroups)
  const newsFor = (addressee: Addressee) => taskNews(addressee, task, document, environment.publicUrl)

  switch (about) {
    case 'assigned':
      return having.map((addressee) => ({
        addressee,
        wording: taskAssigned({ ...newsFor(addressee), by: task.passedOnBy }),
      }))
    case 'reminder':
      return having.map((addressee) => ({ addressee, wording: taskReminder(newsFor(addressee)) }))
    case 'overdue': {
      const toldAbove = escalation(task.properties['imoit.escalate'])
      const above = await thoseAbove(db, task, toldAbove)
      const told = new Set(having.map(({ personId }) => personId))
      return [
        ...having.map((addressee) => ({ addressee, wording: taskOverdue({ ...newsFor(addressee), toldAbove }) })),
        ...above
          .filter(
            ({ personId }, at) => !told.has(personId) && above.findIndex((one) => one.personId === personId) === at,
          )
          .map((addressee) => ({
            addressee,
            wording: taskOverdueForHead({
              ...newsFor(addressee),
              person: task.assigneeName,
              unit: (addressee.language === 'vi' ? task.unitName : task.unitNameEn) ?? '',
            }),
          })),
      ]
    }
    default:
      throw new CallRefused('letter-invalid', `no letter about ${JSON.stringify(about)}`)
  }
}

/** What a step says of who is told, beside those who have it; the heads of their unit where it says nothing. */
const escalation = (said: string | undefined): Escalation => (said === 'nobody' || said === 'office' ? said : 'heads')

/** Heads of the unit, and the Office that chases what is late. */
async function thoseAbove(db: Outside['db'], task: TaskFacts, told: Escalation): Promise<Addressee[]> {
  if (told === 'nobody') return []
  const [heads, office] = await Promise.all([
    task.unitCode === null ? [] : headsAbove(db, task.unitCode, task.assigneeRole),
    told === 'office' ? addresseesOfGroups(db, ['role:chief-of-office', 'role:office-monitor']) : [],
  ])
  return [...heads, ...office]
}

function taskNews(
  { language, fullName }: Addressee,
  task: TaskFacts,
  document: DocumentFacts | null,
  publicUrl: string,
): TaskNews {
  return {
    language,
    to: fullName,
    ask: task.properties[`imoit.ask.${language}`] ?? task.name,
    subject: document?.subject ?? task.name,
    code: document?.code ?? null,
    agency: document?.agencyName || null,
    due: task.dueAt,
    url: `${publicUrl}/tasks/${task.taskId}`,
  }
}

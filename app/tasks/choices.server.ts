import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { CaseTask } from '#db/case-view.ts'
import { workingCalendar } from '#db/calendar.ts'
import type { Database } from '#db/database.ts'
import { duplicatesOf, type Duplicate } from '#db/incoming.ts'
import { draftedAppendices, type Appendix } from '#db/appendices.ts'
import { draftVersions, type DraftVersion } from '#db/draft-versions.ts'
import { opinionLines, unitsThatAnswered, type OpinionLine } from '#db/opinions.ts'
import { postsOfGroup, type PostChoice } from '#db/posts.ts'
import {
  agencyChoices,
  colleaguesOf,
  directingPhrases,
  kindChoices,
  nextCodes,
  signOffsOf,
  unitChoices,
  type AgencyChoice,
  type Colleague,
  type KindChoice,
  type SignOff,
  type UnitChoice,
} from '#db/task-choices.ts'
import type { TaskPage } from '#db/task-page.ts'
import type { Viewer } from '#db/visibility.ts'
import { officeDay } from './office-day.ts'
import { isOpinionForm } from './opinion-forms.ts'
import { proposedUnits, type ProposedUnits } from './proposed-units.ts'

/** The office's working time as it is sent to a page. */
export type CalendarAhead = Omit<WorkingCalendar, 'off' | 'worked'> & { off: string[]; worked: string[] }

/** The same offer for each of several forms. */
type Each<Keys extends string, Offer> = Keys extends string ? { key: Keys } & Offer : never

/** What is being drafted, newest version first, who agreed to which, and what goes with it in files of its own. */
interface Drafted {
  drafts: DraftVersion[]
  signOffs: SignOff[]
  appendices: Appendix[]
}

/** What each form offers to choose from, by its key. */
export type TaskChoices =
  | { key: 'incoming.register'; kinds: KindChoice[]; agencies: AgencyChoice[]; twins: Duplicate[]; today: string }
  | { key: 'incoming.submit'; leaders: PostChoice[] }
  | {
      key: 'incoming.direct'
      units: UnitChoice[]
      calendar: CalendarAhead
      phrases: string[]
      proposal: string | null
      proposed: ProposedUnits
    }
  | Each<
      'incoming.assign' | 'incoming.coordinate' | 'notice.receive' | 'opinion.answer',
      { colleagues: Colleague[]; calendar: CalendarAhead }
    >
  | Each<'incoming.giveOpinion' | 'notice.carryOut' | 'opinion.write', object>
  | Each<'outgoing.approve' | 'outgoing.checkFormat' | 'outgoing.checkLaw', Drafted & { legalCheck: boolean }>
  | Each<'slip.review' | 'slip.office' | 'slip.decide' | 'slip.revise', Drafted>
  | Each<'opinion.close' | 'opinion.conclude', { lines: OpinionLine[] }>
  | ({
      key: 'outgoing.revise'
      units: UnitChoice[]
      /** Units that were asked and whose opinion has not come. */
      owing: string[]
      calendar: CalendarAhead
    } & Drafted)
  | Each<'incoming.handle' | 'incoming.approve' | 'incoming.signOff', Drafted>
  | ({
      key: 'incoming.dispatch'
      kinds: KindChoice[]
      agencies: AgencyChoice[]
      units: UnitChoice[]
      nextCodes: Record<string, string>
    } & Drafted)
  | {
      key: 'notice.register'
      kinds: KindChoice[]
      units: UnitChoice[]
      nextCodes: Record<string, string>
      today: string
    }

export type ChoicesOf<Key extends TaskChoices['key']> = Extract<TaskChoices, { key: Key }>

/** The days to come: the page reads deadlines by them, which are never in the past. */
export async function calendarAhead(db: Database, now: number): Promise<CalendarAhead> {
  const calendar = await workingCalendar(db)
  const today = officeDay(now)
  const ahead = (days: ReadonlySet<string>) => [...days].filter((day) => day >= today)
  return { ...calendar, off: ahead(calendar.off), worked: ahead(calendar.worked) }
}

/** Reads what a task's form offers; null for a form that is not known. */
export async function readChoices(
  { db, viewer, now }: { db: Database; viewer: Viewer; now: number },
  task: TaskPage,
): Promise<TaskChoices | null> {
  const { documentId, document } = task
  const drafted = async (): Promise<Drafted> => {
    if (!documentId) return { drafts: [], signOffs: [], appendices: [] }
    const [drafts, signOffs, appendices] = await Promise.all([
      draftVersions(db, documentId),
      signOffsOf(db, documentId),
      draftedAppendices(db, documentId),
    ])
    return { drafts: [...drafts], signOffs: [...signOffs], appendices: [...appendices] }
  }
  switch (task.formKey) {
    case 'incoming.register': {
      const [kinds, agencies, twins] = await Promise.all([
        kindChoices(db),
        agencyChoices(db),
        document ? duplicatesOf(db, viewer, document) : [],
      ])
      return { key: task.formKey, kinds, agencies, twins: [...twins], today: officeDay(now) }
    }
    case 'incoming.submit':
      return { key: task.formKey, leaders: await postsOfGroup(db, 'role:leader') }
    case 'incoming.direct': {
      const proposal = typeof task.variables.proposal === 'string' ? task.variables.proposal : null
      const [units, calendar, phrases] = await Promise.all([
        unitChoices(db),
        calendarAhead(db, now),
        directingPhrases(db, viewer),
      ])
      return { key: task.formKey, units, calendar, phrases, proposal, proposed: proposedUnits(proposal, units) }
    }
    case 'incoming.assign':
    case 'incoming.coordinate':
    case 'notice.receive':
    case 'opinion.answer': {
      const [colleagues, calendar] = await Promise.all([colleaguesOf(db, viewer), calendarAhead(db, now)])
      return { key: task.formKey, colleagues, calendar }
    }
    case 'incoming.giveOpinion':
    case 'notice.carryOut':
    case 'opinion.write':
      return { key: task.formKey }
    case 'incoming.handle':
    case 'incoming.approve':
    case 'incoming.signOff':
    case 'slip.review':
    case 'slip.office':
    case 'slip.decide':
    case 'slip.revise':
      return { key: task.formKey, ...(await drafted()) }
    case 'outgoing.approve':
    case 'outgoing.checkFormat':
    case 'outgoing.checkLaw':
      return { key: task.formKey, ...(await drafted()), legalCheck: task.variables.legalCheck === true }
    case 'opinion.close':
    case 'opinion.conclude':
      return { key: task.formKey, lines: documentId ? [...(await opinionLines(db, documentId))] : [] }
    case 'outgoing.revise': {
      const [papers, units, calendar, owing] = await Promise.all([
        drafted(),
        unitChoices(db),
        calendarAhead(db, now),
        unitsStillOwing(db, task),
      ])
      return { key: task.formKey, ...papers, units, owing, calendar }
    }
    case 'incoming.dispatch': {
      // The reply is numbered with the notation of the unit that drafts it, the lead unit.
      const [papers, kinds, agencies, units] = await Promise.all([
        drafted(),
        kindChoices(db),
        agencyChoices(db),
        unitChoices(db, { withLeaders: true }),
      ])
      const drafter = task.variables.leadUnit ?? task.variables.unitCode
      const lead = units.find(({ code }) => code === drafter)
      return {
        key: task.formKey,
        ...papers,
        kinds,
        agencies,
        units,
        nextCodes: await nextCodes(db, now, lead?.notation ?? null),
      }
    }
    case 'notice.register': {
      const [kinds, units, codes] = await Promise.all([
        kindChoices(db),
        unitChoices(db, { withLeaders: true }),
        nextCodes(db, now, document?.unitNotation ?? null),
      ])
      return { key: task.formKey, kinds, units, nextCodes: codes, today: officeDay(now) }
    }
    default:
      return null
  }
}

/** Of the units that a draft was sent to last, those that never answered: taken back, it goes to them again. */
async function unitsStillOwing(db: Database, { caseId, variables }: TaskPage): Promise<string[]> {
  const asked = Array.isArray(variables.opinionUnits) ? variables.opinionUnits : []
  const answered = new Set(await unitsThatAnswered(db, caseId))
  return asked.filter((code): code is string => typeof code === 'string' && !answered.has(code))
}

/** What coordinating units said. */
export const opinionsIn = (tasks: readonly CaseTask[]): CaseTask[] =>
  tasks.filter(
    ({ formKey, state, outcome }) => isOpinionForm(formKey) && state === 'completed' && outcome !== 'assigned',
  )

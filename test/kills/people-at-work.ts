import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import { inbox, type InboxLine } from '#db/tasks.ts'
import type { Colleague } from './staff.ts'
import { alertIn, ConnectionBroken, hiddenFields, type WebAnswer } from '#test/fixtures/web-session.ts'

const PAUSE_MS = 100
/** Until somebody who has nothing to do looks again. */
const IDLE_MS = 400
/** Tasks that one person works on at a time: tabs of their browser. */
const TABS = 2
/** A page that is refused this often although its task is open is a fault of ours. */
const MAX_REFUSALS = 3

const DATABASE_AWAY = 'Cơ sở dữ liệu tạm thời chưa sẵn sàng'

type Staff = Record<string, Colleague>
interface AtHand {
  staff: Staff
  task: InboxLine
  /** Of the person at work. */
  unitCode: string
  /** Of the incoming document: `101` of `101/VPCP-KSTT`. */
  number: number
  /** How often this form was completed in this case before. */
  round: number
  hidden: Record<string, string>
}

const post = (staff: Staff, name: string) => {
  const colleague = staff[name]
  if (!colleague) throw new Error(`nobody is called ${name}`)
  return colleague.viewer.postId
}

type Entered = Record<string, string | string[]>
/** What people enter, by form. Which way a case goes follows from its number. */
const entries: Record<string, (at: AtHand) => Entered> = {
  'incoming.register': ({ number, task }) => ({
    outcome: 'registered',
    number: String(number),
    notation: 'VPCP-KSTT',
    kindCode: 'CV',
    subject: task.subject ?? '',
    agencyCode: '000.00.00.G22',
    agencyName: task.agencyName ?? '',
    issuedOn: '2022-04-15',
  }),
  'incoming.submit': ({ staff }) => ({
    outcome: 'submitted',
    leaderPost: post(staff, 'deputy'),
    proposal: 'Giao Cục TMĐT chủ trì',
  }),
  'incoming.direct': () => ({
    outcome: 'directed',
    leadUnit: 'TMDT',
    coordinatingUnits: ['PC', 'XNK'],
    informationUnits: ['VP'],
    deadline: '5 ngày',
    opinion: 'Đồng ý',
  }),
  'incoming.assign': ({ staff }) => ({
    outcome: 'assigned',
    specialistPost: post(staff, 'tmdtSpecialist'),
    handlingDeadline: '3 ngày',
  }),
  'incoming.coordinate': ({ staff, unitCode, number }): Entered =>
    unitCode === 'PC' || number % 2 === 0
      ? { outcome: 'given', opinionText: 'Nhất trí.' }
      : { outcome: 'assigned', opinionPost: post(staff, 'xnkSpecialist') },
  'incoming.giveOpinion': () => ({ outcome: 'given', opinionText: 'Bổ sung số liệu C/O.' }),
  'incoming.handle': ({ hidden }) => ({ outcome: 'submitted', sha256: hidden.sha256 ?? '' }),
  'incoming.approve': ({ number, round, hidden }): Entered =>
    number % 7 === 0 && round === 0
      ? { outcome: 'returned', reason: 'Cần bổ sung số liệu của Cục XNK' }
      : { outcome: 'approved', sha256: hidden.sha256 ?? '' },
  'incoming.signOff': ({ hidden }) => ({ outcome: 'signed', sha256: hidden.sha256 ?? '' }),
  'incoming.dispatch': ({ number }) => ({
    outcome: 'dispatched',
    kindCode: 'CV',
    subject: `V/v trả lời văn bản ${number}`,
    recipients: 'Như trên; Lưu: VT, TMĐT.',
    recipientAgencies: ['000.00.00.G22'],
    recipientUnits: ['PC', 'XNK'],
  }),
}

/**
 * Everybody in the ministry at work in their browsers, side by side: each takes what waits for them, opens its page, fills in
 * the form and sends it; where the connection breaks they send the same form again.
 */
export class PeopleAtWork {
  /** Forms that were answered with "done". */
  completed = 0
  /** How often a form had to be sent again, because the connection broke or the database was away. */
  repeats = 0
  /** Answers that nobody should get, whatever is killed. */
  readonly surprises: string[] = []
  readonly #ending = new AbortController()
  readonly #inHand = new Set<string>()
  readonly #refusals = new Map<string, number>()
  readonly #running: Promise<unknown>

  constructor(
    readonly db: Database,
    readonly staff: Staff,
  ) {
    const everybody = Object.values(staff).flatMap((colleague) =>
      Array.from({ length: TABS }, () => this.#workAs(colleague)),
    )
    this.#running = Promise.all(everybody)
    // Whoever waits for the end hears of it; until then it is nobody's unhandled rejection.
    this.#running.catch(() => this.#ending.abort())
  }

  /** Everybody finishes what they have begun. Throws what stopped somebody. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  /** Somebody has given up. */
  get failed(): boolean {
    return this.#ending.signal.aborted
  }

  async #workAs(colleague: Colleague): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const task = await this.#nextFor(colleague)
      if (!task) {
        await wait(IDLE_MS)
        continue
      }
      const hand = `${colleague.viewer.postId}:${task.taskId}`
      try {
        await this.#carryOut(colleague, task)
      } catch (error) {
        // The page could not be read: it is opened again.
        if (!(error instanceof ConnectionBroken)) throw error
        await wait(PAUSE_MS)
      } finally {
        this.#inHand.delete(hand)
      }
    }
  }

  async #nextFor(colleague: Colleague): Promise<InboxLine | null> {
    // The database may be gone for a moment; the list is looked at again then.
    const waiting = await inbox(this.db, colleague.viewer, { limit: 20 }).catch(() => [])
    const task = waiting.find(({ taskId }) => !this.#inHand.has(`${colleague.viewer.postId}:${taskId}`))
    if (!task) return null
    this.#inHand.add(`${colleague.viewer.postId}:${task.taskId}`)
    return task
  }

  async #carryOut({ session, viewer: { unitCode } }: Colleague, task: InboxLine): Promise<void> {
    const address = `/tasks/${task.taskId}`
    const page = this.#seen(await session.get(address))
    let hidden = hiddenFields(page.html)
    const enter = entries[task.formKey ?? '']
    if (!enter) throw new Error(`nobody knows how to fill in ${task.formKey}`)
    // Somebody else of the same queue was faster: the page has no form any more.
    if (page.status !== 200 || hidden.key === undefined) return this.#refused(task, page)

    const number = Number(task.code?.split('/')[0])
    const round = await this.#roundOf(task)
    if (task.formKey === 'incoming.handle') {
      const draft = Buffer.from(`%PDF-1.4\n% trả lời văn bản ${number}, lần ${round + 1}\n%%EOF\n`)
      const sha256 = createHash('sha256').update(draft).digest('hex')
      if (hidden.sha256 !== sha256) {
        const form = new FormData()
        form.set('draft', new File([draft], `tra-loi-${number}-${round + 1}.pdf`, { type: 'application/pdf' }))
        const kept = this.#seen(await session.post(`${address}/draft`, form))
        if (kept.status !== 302) return this.#refused(task, kept)
        hidden = hiddenFields(this.#seen(await session.get(address)).html)
      }
    }
    const form = { key: hidden.key ?? '', ...enter({ staff: this.staff, task, unitCode, number, round, hidden }) }
    const answer = await this.#send(() => session.post(address, form))
    if (answer.status !== 302) return this.#refused(task, answer)
    this.completed += 1
  }

  /** The same form with the same key, until somebody answers. */
  async #send(post: () => Promise<WebAnswer>): Promise<WebAnswer> {
    for (;;) {
      try {
        return this.#seen(await post())
      } catch (error) {
        if (!(error instanceof ConnectionBroken) || this.failed) throw error
        this.repeats += 1
        await wait(PAUSE_MS)
      }
    }
  }

  /** "The database is away" is as good as no answer; anything else from 500 on is a surprise. Only its sentence is asked for. */
  #seen(answer: WebAnswer): WebAnswer {
    if (answer.status < 500) return answer
    if (!answer.html.includes(DATABASE_AWAY)) this.surprises.push(`${answer.status}: ${alertIn(answer.html)}`)
    throw new ConnectionBroken(String(answer.status))
  }

  /** A refusal is fine when the task is gone meanwhile, and a fault when it still waits for the same person. */
  async #refused(task: InboxLine, answer: WebAnswer): Promise<void> {
    const [row] = await this.#patiently(
      () => this.db.sql<{ state: string }[]>`select state from tasks where id = ${task.taskId}`,
    )
    if (row?.state !== 'open') return
    const refusals = (this.#refusals.get(task.taskId) ?? 0) + 1
    this.#refusals.set(task.taskId, refusals)
    if (refusals < MAX_REFUSALS) return
    throw new Error(`${task.formKey} of ${task.code} is refused: ${answer.status} ${alertIn(answer.html)}`)
  }

  async #roundOf(task: InboxLine): Promise<number> {
    const [row] = await this.#patiently(
      () => this.db.sql<{ done: number }[]>`
        select count(*)::int as done from tasks where case_id = ${task.caseId} and form_key = ${task.formKey} and state = 'completed'`,
    )
    return row?.done ?? 0
  }

  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (this.#ending.signal.aborted) throw error
        await wait(PAUSE_MS)
      }
    }
  }
}

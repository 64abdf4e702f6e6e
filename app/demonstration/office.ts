import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { viewerOfPost } from '#db/posts.ts'
import { answerOf } from '#db/step.ts'
import type { Viewer } from '#db/visibility.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { completeForm, taskForms, type FilledForm } from '../forms/complete-form.ts'
import type { Letter } from '../print/letter-paper.ts'
import { LetterPress } from '../print/letter-press.ts'
import { signingGround } from '../signing/ground.ts'
import { signatureAsked, signTask, usualManner } from '../signing/sign-task.ts'
import { authorityFolder, openDemonstrationAuthority, type DemonstrationAuthority } from './certificates.ts'

export interface Staff {
  viewer: Viewer
  signer: { name: string; title: string }
}

export interface StoredPaper {
  name: string
  sha256: string
  size: number
  mediaType: string
  content: Buffer
}

/** Nothing made here is larger. */
const MAX_PAPER_BYTES = 5_000_000

/** The demonstration's people at work: whoever is named does what a form asks for, by the steps that the screens use. */
export class Office {
  readonly db: Database
  readonly files: FileStore
  private readonly staff: ReadonlyMap<string, Staff>
  readonly unitNames: ReadonlyMap<string, { name: string; notation: string | null }>
  readonly agencyNames: ReadonlyMap<string, string>
  private readonly press = new LetterPress()
  readonly dataFolder: string
  private readonly authority: DemonstrationAuthority

  private constructor(
    db: Database,
    files: FileStore,
    staff: Map<string, Staff>,
    unitNames: Map<string, { name: string; notation: string | null }>,
    agencyNames: Map<string, string>,
    dataFolder: string,
    authority: DemonstrationAuthority,
  ) {
    this.db = db
    this.files = files
    this.staff = staff
    this.unitNames = unitNames
    this.agencyNames = agencyNames
    this.dataFolder = dataFolder
    this.authority = authority
  }

  /** @param dataFolder where the test authority and everybody's keys are kept */
  static async open(db: Database, files: FileStore, dataFolder: string): Promise<Office> {
    const authority = await openDemonstrationAuthority(db, authorityFolder(dataFolder))
    const [people, units, agencies] = await Promise.all([
      db.sql<{ username: string; postId: string; name: string; title: string }[]>`
        select distinct on (n.id) n.username, p.id as "postId", n.full_name as name, p.title
        from persons n join posts p on p.person_id = n.id where n.demonstration order by n.id, p.sort`,
      db.sql<{ code: string; name: string; notation: string | null }[]>`select code, name, notation from units`,
      db.sql<{ code: string; name: string }[]>`select code, name from agencies`,
    ])
    const staff = new Map<string, Staff>()
    const viewers = await Promise.all(people.map(({ postId }) => viewerOfPost(db, postId)))
    for (const [index, { username, name, title }] of people.entries()) {
      const viewer = viewers[index]
      if (viewer) staff.set(username, { viewer, signer: { name, title } })
    }
    return new Office(
      db,
      files,
      staff,
      new Map(units.map((unit) => [unit.code, unit])),
      new Map(agencies.map((agency) => [agency.code, agency.name])),
      dataFolder,
      authority,
    )
  }

  who(username: string): Staff {
    const found = this.staff.get(username)
    if (!found) throw new Error(`nobody in the demonstration is called ${username}`)
    return found
  }

  headOf(unitCode: string): string {
    if (unitCode === 'LDB') return 'botruong'
    return unitCode === 'VP' ? 'chanhvp' : `${unitCode.toLowerCase()}.truong`
  }

  specialistOf(unitCode: string): string {
    return `${unitCode.toLowerCase()}.cv`
  }

  /** Has a paper made and keeps it; those needed sooner (epoch ms) are made first. The same letter gives the same bytes. */
  paper(name: string, letter: Letter, neededAt: number): Promise<StoredPaper> {
    const stored = this.press.print(letter, neededAt).then(async (content) => ({
      name,
      mediaType: 'application/pdf',
      content,
      ...(await this.files.put(content, MAX_PAPER_BYTES)),
    }))
    // A story that was cut short does not come for its paper; one that does is told of what went wrong.
    stored.catch(() => undefined)
    return stored
  }

  async close(): Promise<void> {
    await Promise.all([this.press.close(), this.authority.close()])
  }

  /** Fills in the form of the person's open task in a case, once for each key. */
  async fill(
    username: string,
    caseId: string,
    formKey: string,
    key: string,
    values: Record<string, unknown>,
  ): Promise<void> {
    const { viewer, signer } = this.who(username)
    const [task] = await this.db.sql<
      {
        taskId: string
        caseId: string
        documentId: string | null
        elementId: string
        formKey: string
        properties: Record<string, string>
        now: number
      }[]
    >`select id as "taskId", case_id as "caseId", document_id as "documentId", element_id as "elementId", form_key as "formKey", properties,
        floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now from tasks
      where case_id = ${caseId} and form_key = ${formKey} and state = 'open'
        and (assignee_post = ${viewer.postId} or candidate_groups && ${viewer.groups}::text[])
        and not exists (select 1 from once_keys where key = ${key}) order by opened_at limit 1`
    if (!task) {
      if (await answerOf(this.db, key)) return
      throw new Error(`${username} has no task ${formKey} in the case ${caseId}`)
    }
    const form = taskForms.get(formKey)
    if (!form) throw new Error(`there is no form ${formKey}`)
    const filled: FilledForm = { task, key, value: form.schema.parse(values) }
    const role = signatureAsked(task, filled.value)
    if (!role) {
      await completeForm(this.db, viewer, signer, filled)
      return
    }
    // Signed and stamped at the instant of the story; revocation answers of that day are not to be had any more.
    const now = () => new Date(task.now)
    this.authority.kept.authority.now = now
    const ground = { ...signingGround(this), now, level: 'T' as const }
    await signTask(ground, viewer, filled, { role, pin: DEMONSTRATION_PIN, manner: usualManner })
  }
}

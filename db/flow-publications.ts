import type { Flow } from '#bpmn/flow.ts'
import { FlowRefused, parseFlow } from '#bpmn/parse.ts'
import type { Database } from './database.ts'
import { readDraft } from './flow-drafts.ts'
import type { OfficeForms } from './flow-check.ts'
import { publishFlow, type Drawing } from './flows.ts'
import { notFound, Refusal } from './refusal.ts'

/** The process property that asks for a second administrator's approval. */
const FOUR_EYES = 'imoit.fourEyes'

export interface NewestVersion {
  version: number
  fourEyes: boolean
  publishedAt: number
  publishedBy: string | null
}

export interface Publication {
  id: string
  draftId: string
  revision: number
  reason: string
  state: 'asked' | 'published' | 'declined'
  /** Epoch ms, real time. */
  askedAt: number
  askedBy: string
  askedByPerson: string
  decidedAt: number | null
  decidedBy: string | null
  /** Why it was declined. */
  answer: string | null
  version: number | null
}

interface Actor {
  personId: string
  postId: string
}

/** The version of a flow that new cases run on; null where none was published. */
export async function newestVersion(db: Database, flowId: string): Promise<NewestVersion | null> {
  const [row] = await db.sql<NewestVersion[]>`
    select v.version, coalesce(v.ir -> 'properties' ->> ${FOUR_EYES}, '') = 'true' as "fourEyes", floor(extract(epoch from v.published_at) * 1000)::float8 as "publishedAt",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = v.published_by_post) as "publishedBy"
    from flow_versions v where v.flow_id = ${flowId} order by v.version desc limit 1`
  return row ?? null
}

/** The XML of a published version, as it was drawn. Throws Refusal `not-found`. */
export async function versionDrawing(
  db: Database,
  flowId: string,
  version: number | null,
): Promise<{ version: number; xml: string; name: string; nameEn: string }> {
  const [row] = await db.sql<{ version: number; xml: string; name: string; nameEn: string }[]>`
    select version, xml, name, name_en as "nameEn" from flow_versions
    where flow_id = ${flowId} and ${version === null ? db.sql`true` : db.sql`version = ${version}`} order by version desc limit 1`
  if (!row) throw notFound()
  return row
}

/** Numbers of a flow's versions, the newest first. */
export async function publishedVersions(db: Database, flowId: string): Promise<number[]> {
  const rows = await db.sql<{ version: number }[]>`
    select version from flow_versions where flow_id = ${flowId} order by version desc limit 200`
  return rows.map(({ version }) => version)
}

/** Throws Refusal `flow-refused` where the drawing is no flow. */
async function readFlow(xml: string): Promise<Flow> {
  try {
    return await parseFlow(xml)
  } catch (error) {
    if (error instanceof FlowRefused) throw new Refusal(error.code, error.status, { vi: error.vi, en: error.en })
    throw error
  }
}

/** Whether the flow, as it is drawn or as it runs now, asks for a second pair of eyes: to drop that takes them, too. */
async function needsFourEyes(db: Database, xml: string): Promise<boolean> {
  const flow = await readFlow(xml)
  if (flow.properties[FOUR_EYES] === 'true') return true
  return (await newestVersion(db, flow.id))?.fourEyes ?? false
}

export interface PublishDraft {
  draftId: string
  /** The revision that was looked at. */
  revision: number
  /** The newest published version that was looked at; null where there was none. */
  onto: number | null
  /** It was compared with that version, where the draft was not drawn from it. */
  compared?: boolean
  reason: string
  forms?: OfficeForms
}

/**
 * Publishes a draft for new cases, or asks for the second administrator's approval where the flow says so. Throws Refusal:
 * `draft-changed` and `published-meanwhile` where something else was looked at or not compared, `flow-refused` where errors bar it, `reason-missing`.
 */
export async function publishDraft(
  db: Database,
  actor: Actor,
  ask: PublishDraft,
): Promise<{ version: number } | { asked: true }> {
  const reason = ask.reason.trim()
  if (reason === '') throw reasonMissing()
  const draft = await lookedAt(db, ask)
  if (ask.onto !== null && ask.onto !== draft.baseVersion && !ask.compared) throw notCompared(ask.onto)
  if (await needsFourEyes(db, draft.xml)) {
    await db.sql`insert into flow_publications (draft_id, flow_id, revision, reason, state, asked_at, asked_by_post)
      values (${draft.id}, ${draft.flowId}, ${draft.revision}, ${reason}, 'asked', clock_timestamp(), ${actor.postId})
      on conflict (draft_id, revision) do update set state = 'asked', reason = excluded.reason, asked_at = excluded.asked_at,
        asked_by_post = excluded.asked_by_post, decided_at = null, decided_by_post = null, answer = null`
    return { asked: true }
  }
  const version = await publish(db, draft, { postId: actor.postId, forms: ask.forms })
  await db.sql`insert into flow_publications (draft_id, flow_id, revision, reason, state, asked_at, asked_by_post, decided_at, decided_by_post, version)
    values (${draft.id}, ${draft.flowId}, ${draft.revision}, ${reason}, 'published', clock_timestamp(), ${actor.postId}, clock_timestamp(), ${actor.postId}, ${version})
    on conflict (draft_id, revision) do update set state = 'published', version = excluded.version, decided_at = excluded.decided_at,
      decided_by_post = excluded.decided_by_post`
  return { version }
}

/** The second administrator's yes: publishes what was asked for. Throws Refusal `same-eyes` for whoever asked or drew last. */
export async function approvePublication(
  db: Database,
  actor: Actor,
  { draftId, onto, forms }: Pick<PublishDraft, 'draftId' | 'onto' | 'forms'>,
): Promise<{ version: number }> {
  const asked = await pendingPublication(db, draftId)
  if (!asked) throw notFound()
  if (asked.askedByPerson === actor.personId) throw sameEyes()
  const draft = await lookedAt(db, { draftId, revision: asked.revision, onto })
  const version = await publish(db, draft, { postId: asked.askedByPost, forms })
  await db.sql`update flow_publications set state = 'published', version = ${version}, decided_at = clock_timestamp(), decided_by_post = ${actor.postId}
    where id = ${asked.id}`
  return { version }
}

/** The second administrator's no, or the first one's second thought; the draft is drawn on. */
export async function declinePublication(
  db: Database,
  actor: Actor,
  { draftId, answer }: { draftId: string; answer: string },
): Promise<void> {
  const asked = await pendingPublication(db, draftId)
  if (!asked) throw notFound()
  if (answer.trim() === '') throw reasonMissing()
  await db.sql`update flow_publications set state = 'declined', answer = ${answer.trim()}, decided_at = clock_timestamp(), decided_by_post = ${actor.postId}
    where id = ${asked.id} and state = 'asked'`
}

/** What a draft's publishing waits for; null where nobody has asked. Saving the draft again takes the request back. */
export async function pendingPublication(
  db: Database,
  draftId: string,
): Promise<(Publication & { askedByPost: string }) | null> {
  const [row] = await db.sql<(Publication & { askedByPost: string })[]>`
    select a.id, a.draft_id as "draftId", a.revision, a.reason, a.state, floor(extract(epoch from a.asked_at) * 1000)::float8 as "askedAt",
      n.full_name as "askedBy", n.id as "askedByPerson", a.asked_by_post as "askedByPost",
      null::float8 as "decidedAt", null as "decidedBy", a.answer, a.version
    from flow_publications a join flow_drafts d on d.id = a.draft_id and d.revision = a.revision and d.state = 'open'
      join posts p on p.id = a.asked_by_post join persons n on n.id = p.person_id
    where a.draft_id = ${draftId} and a.state = 'asked'`
  return row ?? null
}

/** Why each version of a flow was published, and by whom, the latest first; and what was declined of a draft. */
export function publicationsOf(db: Database, flowId: string): Promise<Publication[]> {
  return db.sql<Publication[]>`
    select a.id, a.draft_id as "draftId", a.revision, a.reason, a.state, floor(extract(epoch from a.asked_at) * 1000)::float8 as "askedAt",
      n.full_name as "askedBy", n.id as "askedByPerson", floor(extract(epoch from a.decided_at) * 1000)::float8 as "decidedAt",
      (select m.full_name from posts q join persons m on m.id = q.person_id where q.id = a.decided_by_post) as "decidedBy", a.answer, a.version
    from flow_publications a join posts p on p.id = a.asked_by_post join persons n on n.id = p.person_id
    where a.flow_id = ${flowId} order by a.asked_at desc limit 50`
}

async function publish(
  db: Database,
  draft: { id: string; xml: string },
  by: Pick<Drawing, 'postId' | 'forms'>,
): Promise<number> {
  // The same drawing again is the same version: whoever dies between the two statements publishes once.
  const { version } = await publishFlow(db, { xml: draft.xml, ...by })
  await db.sql`update flow_drafts set state = 'published' where id = ${draft.id}`
  return version
}

async function lookedAt(db: Database, { draftId, revision, onto }: Omit<PublishDraft, 'reason'>) {
  const draft = await readDraft(db, draftId)
  if (draft.state !== 'open') throw notDrawn()
  if (draft.revision !== revision) throw changedSince(draft.savedBy)
  const newest = await newestVersion(db, draft.flowId)
  if ((newest?.version ?? null) !== onto) throw publishedMeanwhile(newest)
  return draft
}

const reasonMissing = () => {
  const sentence = {
    vi: 'Chưa nêu lý do nên chưa có gì thay đổi. Hãy ghi một câu để người sau hiểu vì sao.',
    en: 'No reason was given, so nothing was changed. Write a sentence for those who come after.',
  }
  return new Refusal('reason-missing', 422, sentence, { reason: sentence })
}

const notDrawn = () =>
  new Refusal('draft-closed', 409, {
    vi: 'Bản thảo này đã được ban hành hoặc đã bỏ, nên không ban hành thêm lần nữa. Hãy mở quy trình để xem phiên bản hiện hành.',
    en: 'This draft was published or discarded already and is not published again. Open the flow to see its newest version.',
  })

const changedSince = (by: string) =>
  new Refusal('draft-changed', 409, {
    vi: `${by} vừa lưu bản thảo này nên chưa ban hành. Hãy xem lại bản mới nhất rồi ban hành.`,
    en: `${by} has just saved this draft, so it was not published. Look at the newest state and publish then.`,
  })

const publishedMeanwhile = (newest: NewestVersion | null) =>
  new Refusal('published-meanwhile', 409, {
    vi: `Phiên bản ${newest?.version ?? ''} đã được ${newest?.publishedBy ?? 'người khác'} ban hành trong lúc đồng chí vẽ, nên bản thảo chưa được ban hành và vẫn còn nguyên. Hãy so sánh với phiên bản đó rồi ban hành lại.`,
    en: `Version ${newest?.version ?? ''} was published by ${newest?.publishedBy ?? 'somebody else'} while you drew, so the draft was not published and stays as it is. Compare it with that version and publish then.`,
  })

const notCompared = (version: number) => {
  const sentence = {
    vi: `Bản thảo này không vẽ từ phiên bản ${version} đang chạy, nên chưa được ban hành và vẫn còn nguyên. Hãy so sánh với phiên bản đó, đánh dấu đã so sánh, rồi ban hành.`,
    en: `This draft was not drawn from version ${version}, which runs now, so it was not published and stays as it is. Compare the two, tick that you have, and publish then.`,
  }
  return new Refusal('published-meanwhile', 409, sentence, { compared: sentence })
}

const sameEyes = () =>
  new Refusal('same-eyes', 403, {
    vi: 'Quy trình này cần một quản trị viên khác phê duyệt; đồng chí là người đề nghị nên chưa có gì thay đổi. Hãy nhờ quản trị viên khác.',
    en: 'This flow takes another administrator’s approval and you are the one who asked, so nothing was changed. Ask a colleague.',
  })

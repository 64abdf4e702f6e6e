import type { Variables } from '#bpmn/case.ts'
import { readState } from '#bpmn/formats.ts'
import { visibleVariables, type CaseState } from '#bpmn/state.ts'
import type { CasePerson } from './case-view.ts'
import type { Database } from './database.ts'
import { notFound } from './refusal.ts'
import { visibleTaskIn, type Viewer } from './visibility.ts'

/** A document as the task's page shows it. Days `YYYY-MM-DD`, instants epoch ms. */
export interface TaskDocument {
  id: string
  direction: 'incoming' | 'outgoing' | 'internal'
  state: string
  source: 'exchange' | 'paper' | 'internal'
  kindCode: string | null
  kindName: string | null
  kindNameEn: string | null
  number: string | null
  notation: string | null
  code: string | null
  subject: string
  agencyCode: string | null
  agencyName: string
  issuedOn: string | null
  receivedAt: number
  registerNumber: number | null
  registeredOn: string | null
  dueAt: number | null
  urgency: number
  secrecy: number
  signerName: string | null
  signerPosition: string | null
  pageCount: number | null
  recipients: string | null
  note: string | null
  unitNotation: string | null
}

export interface TaskPage {
  taskId: string
  caseId: string
  token: string
  elementId: string
  formKey: string | null
  askVi: string
  askEn: string
  part: string | null
  state: 'open' | 'completed' | 'cancelled'
  openedAt: number
  dueAt: number | null
  endedAt: number | null
  outcome: string | null
  opinion: string | null
  /** Who has it, who ended it, who passed it on (null: it came from outside). */
  assignee: CasePerson | null
  endedBy: CasePerson | null
  from: CasePerson | null
  /** The viewer may fill its form: it is theirs, or lies in a queue of theirs. */
  mayAct: boolean
  mine: boolean
  /** It lies, or lay, in a queue: it can be taken and put back. */
  queued: boolean
  claimed: boolean
  documentId: string | null
  document: TaskDocument | null
  /** What the flow says of the step: `imoit.signOff` and the like. */
  properties: Record<string, string>
  flowVersionId: string
  caseState: CaseState
  /** What the task sees of the case. */
  variables: Variables
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (text: string | undefined): text is string => text !== undefined && UUID.test(text)

/**
 * A task of one's own, of a queue of one's own, or that one has ended, with its document. One query.
 * @throws Refusal 404: there is none, or it is somebody else's
 */
export async function readTaskPage(db: Database, viewer: Viewer, taskId: string | undefined): Promise<TaskPage> {
  if (!isUuid(taskId)) throw notFound()
  const { sql } = db
  const person = (
    post: ReturnType<Database['sql']>,
  ) => sql`(select jsonb_build_object('postId', p.id, 'fullName', n.full_name, 'title', p.title,
      'titleEn', p.title_en, 'unitName', u.name, 'unitNameEn', u.name_en)
    from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id where p.id = ${post})`
  const [row] = await sql<(Omit<TaskPage, 'variables'> & { name: string })[]>`
    select t.id as "taskId", t.case_id as "caseId", t.token, t.element_id as "elementId", t.form_key as "formKey", t.name,
      coalesce(t.properties->>'imoit.ask.vi', t.name) as "askVi", coalesce(t.properties->>'imoit.ask.en', t.name) as "askEn", t.part, t.state,
      floor(extract(epoch from t.opened_at) * 1000)::float8 as "openedAt", floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt",
      floor(extract(epoch from t.ended_at) * 1000)::float8 as "endedAt", t.outcome, t.opinion,
      ${person(sql`t.assignee_post`)} as assignee, ${person(sql`t.ended_by_post`)} as "endedBy",
      ${person(sql`(select e.post_id from case_events e where e.case_id = t.case_id and e.at = t.opened_at order by e.seq desc limit 1)`)} as "from",
      t.state = 'open' and (t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[])) as "mayAct",
      coalesce(t.assignee_post = ${viewer.postId}, false) as mine, cardinality(t.candidate_groups) > 0 as queued, t.claimed_at is not null as claimed,
      t.document_id as "documentId", t.properties, c.flow_version_id as "flowVersionId", s.state as "caseState",
      case when d.id is not null then jsonb_build_object('id', d.id, 'direction', d.direction, 'state', d.state, 'source', d.source,
        'kindCode', d.kind_code, 'kindName', k.name, 'kindNameEn', k.name_en, 'number', d.number, 'notation', d.notation, 'code', d.code,
        'subject', d.subject, 'agencyCode', d.agency_code, 'agencyName', d.agency_name, 'issuedOn', to_char(d.issued_on, 'YYYY-MM-DD'),
        'receivedAt', floor(extract(epoch from d.received_at) * 1000)::float8, 'registerNumber', d.register_number,
        'registeredOn', to_char(d.registered_on, 'YYYY-MM-DD'), 'dueAt', floor(extract(epoch from d.due_at) * 1000)::float8,
        'urgency', d.urgency, 'secrecy', d.secrecy, 'signerName', d.signer_name, 'signerPosition', d.signer_position,
        'pageCount', d.page_count, 'recipients', d.recipients, 'note', d.note, 'unitNotation', du.notation) end as document
    from tasks t join cases c on c.id = t.case_id join case_states s on s.case_id = t.case_id
      left join documents d on d.id = t.document_id left join document_kinds k on k.code = d.kind_code left join units du on du.id = d.unit_id
    where t.id = ${taskId} and ${visibleTaskIn(sql, viewer)}
      and (t.assignee_post = ${viewer.postId} or t.ended_by_post = ${viewer.postId} or t.candidate_groups && ${viewer.groups}::text[])`
  if (!row) throw notFound()
  const { name: _name, ...page } = row
  const caseState = readState(row.caseState)
  return { ...page, caseState, variables: visibleVariables(caseState, row.token) }
}

/** A file that belongs to a document, newest version first within its role. */
export interface PageFile {
  fileId: string
  documentId: string
  role: 'main' | 'attachment' | 'draft' | 'copy'
  name: string
  sha256: string
  size: number
  mediaType: string
  version: number
  /** What checking its signatures said last; absent while it was not checked, or has none. */
  signed?: { verdict: 'valid' | 'invalid' | 'unknown'; isTest: boolean } | null
}

/** A document's files, each with what is known of its signatures: a certificate that the office has stopped leaves none valid. */
export function filesOf(db: Database, documentId: string): Promise<PageFile[]> {
  return db.sql<PageFile[]>`
    select f.id as "fileId", f.document_id as "documentId", f.role, f.name, f.sha256, c.size::float8 as size, c.media_type as "mediaType", f.version,
      case when v.signatures > 0 then jsonb_build_object('isTest', v.is_test, 'verdict', case when v.verdict = 'valid' and exists (
        select 1 from certificates s where s.state <> 'active'
          and s.fingerprint in (select one->'signer'->>'fingerprint' from jsonb_array_elements(v.report->'signatures') one)
      ) then 'unknown' else v.verdict end) end as signed
    from document_files f join files c on c.sha256 = f.sha256
      left join lateral (select * from verifications v where v.sha256 = f.sha256 order by v.verified_at desc limit 1) v on true
    where f.document_id = ${documentId}
    order by array_position(array['main', 'copy', 'attachment', 'draft'], f.role), f.version desc, f.name`
}

/** Keeps that somebody looked at a document, and that their unit has opened it. One statement. */
export async function recordOpening(db: Database, viewer: Viewer, documentId: string): Promise<void> {
  await db.sql`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
    opened as (update document_parts set opened_at = moment.now, opened_by = ${viewer.personId} from moment
      where document_id = ${documentId} and unit_id = ${viewer.unitId} and opened_at is null)
    insert into document_views (document_id, person_id, post_id, act, at)
      select ${documentId}, ${viewer.personId}, ${viewer.postId}, 'view', now from moment`
}

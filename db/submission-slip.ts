import type { Database } from './database.ts'
import { documentFacts } from './documents.ts'
import { notFound } from './refusal.ts'
import type { Viewer } from './visibility.ts'

/** What somebody wrote on a slip, newest of their step. */
export interface SlipOpinion {
  outcome: string
  opinion: string | null
  fullName: string
  title: string
  /** epoch ms */
  at: number
}

/** A submission slip as it is printed. */
export interface SubmissionSlip {
  subject: string
  proposal: string
  unitName: string
  author: string
  /** The leader it goes to. */
  leader: { fullName: string; title: string } | null
  /** epoch ms */
  submittedAt: number
  files: string[]
  head: SlipOpinion | null
  office: SlipOpinion | null
  decision: SlipOpinion | null
}

/** @throws Refusal `not-found` where there is no such slip for the viewer */
export async function submissionSlip(db: Database, viewer: Viewer, documentId: string): Promise<SubmissionSlip> {
  const facts = await documentFacts(db, viewer, documentId)
  const [opinions, files, [leader]] = await Promise.all([
    db.sql<(SlipOpinion & { formKey: string })[]>`
      select distinct on (t.form_key) t.form_key as "formKey", t.outcome, t.opinion, n.full_name as "fullName", p.title,
        floor(extract(epoch from t.ended_at) * 1000)::float8 as at
      from tasks t join persons n on n.id = t.ended_by_person join posts p on p.id = t.ended_by_post
      where t.document_id = ${facts.id} and t.form_key in ('slip.review', 'slip.office', 'slip.decide') and t.state = 'completed'
      order by t.form_key, t.ended_at desc`,
    db.sql<{ name: string }[]>`
      select distinct on (role, name) role, name from document_files where document_id = ${facts.id} order by role, name, version desc`,
    db.sql<{ fullName: string; title: string }[]>`
      select n.full_name as "fullName", p.title from cases c join case_states s on s.case_id = c.id
        join flow_versions v on v.id = c.flow_version_id and v.flow_id = 'submission-slip'
        left join posts p on 'post:' || p.id::text = s.state->'variables'->>'leaderPost' left join persons n on n.id = p.person_id
      where c.document_id = ${facts.id} order by c.started_at desc limit 1`,
  ])
  if (!leader) throw notFound()
  const of = (formKey: string): SlipOpinion | null => opinions.find((one) => one.formKey === formKey) ?? null
  return {
    subject: facts.subject,
    proposal: facts.note ?? '',
    unitName: facts.unitName ?? '',
    author: facts.createdBy ?? '',
    leader: leader.fullName ? leader : null,
    submittedAt: facts.receivedAt,
    files: files.map(({ name }) => name),
    head: of('slip.review'),
    office: of('slip.office'),
    decision: of('slip.decide'),
  }
}

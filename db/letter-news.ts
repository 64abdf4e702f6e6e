import type { Database } from './database.ts'

/** Somebody a letter goes to, with the post it reaches them in. */
export interface Addressee {
  personId: string
  fullName: string
  email: string
  language: 'vi' | 'en'
  unitName: string
  unitNameEn: string
}

export interface DocumentFacts {
  documentId: string
  direction: 'incoming' | 'outgoing' | 'internal'
  subject: string
  code: string | null
  agencyName: string
  /** Epoch ms. */
  dueAt: number | null
  issuedAt: number | null
  recipients: string | null
  /** Number and notation of the document that it answers. */
  answers: string | null
}

export interface TaskFacts {
  taskId: string
  state: 'open' | 'completed' | 'cancelled'
  elementId: string
  name: string
  properties: Record<string, string>
  assigneePost: string | null
  candidateGroups: string[]
  /** Epoch ms. */
  dueAt: number | null
  documentId: string | null
  /** Who completed the task before it. */
  passedOnBy: string | null
  /** Of the post that has it. */
  assigneeRole: string | null
  assigneeName: string | null
  unitCode: string | null
  unitName: string | null
  unitNameEn: string | null
}

const people = ({ sql }: Database) => sql`
  select distinct on (n.id) n.id as "personId", n.full_name as "fullName", n.email, n.language, u.name as "unitName", u.name_en as "unitNameEn"
  from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id`
const inForce = ({ sql }: Database) =>
  sql`n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)`

/** People in posts that answer to any of the relations (`unit:TMDT:head`), each once. */
export async function addresseesOfGroups(db: Database, groups: string[]): Promise<Addressee[]> {
  return db.sql<Addressee[]>`${people(db)} join post_groups g on g.post_id = p.id
    where g.group_key = any(${groups}::text[]) and ${inForce(db)} order by n.id, p.sort`
}

/** The people in these posts, each once. */
export async function addresseesOfPosts(db: Database, postIds: string[]): Promise<Addressee[]> {
  return db.sql<
    Addressee[]
  >`${people(db)} where p.id = any(${postIds}::uuid[]) and ${inForce(db)} order by n.id, p.sort`
}

/** Everybody who completed a task about one of these documents, or wrote a version of their files. */
export async function addresseesWhoWorkedOn(db: Database, documentIds: string[]): Promise<Addressee[]> {
  return db.sql<Addressee[]>`${people(db)} where ${inForce(db)} and p.id in (
      select ended_by_post from tasks where document_id = any(${documentIds}::uuid[]) and ended_by_post is not null
      union select added_by_post from document_files where document_id = any(${documentIds}::uuid[]) and added_by_post is not null
    ) order by n.id, p.sort`
}

/**
 * Who answers for the people of a unit: for a deputy the head, for everybody else head and deputies. Nobody for a head: the
 * chasing lists of the Office have those.
 */
export async function headsAbove(db: Database, unitCode: string, role: string | null): Promise<Addressee[]> {
  const chiefs = ['minister', 'chief-of-office', 'head']
  if (role !== null && chiefs.includes(role)) return []
  const onlyChiefs = role !== null && role.startsWith('deputy-')
  return db.sql<Addressee[]>`${people(db)} join post_groups g on g.post_id = p.id
    where g.group_key = ${`unit:${unitCode}:head`} and ${inForce(db)} and (${!onlyChiefs} or p.role = any(${chiefs}::text[])) order by n.id, p.sort`
}

/** A task by the engine's name for it; null when the case has none such. */
export async function taskFacts(db: Database, caseId: string, token: string): Promise<TaskFacts | null> {
  const [row] = await db.sql<TaskFacts[]>`
    select t.id as "taskId", t.state, t.element_id as "elementId", t.name, t.properties, t.assignee_post as "assigneePost",
      t.candidate_groups as "candidateGroups", floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt", t.document_id as "documentId",
      (select n.full_name from case_events e join persons n on n.id = e.person_id where e.case_id = t.case_id and e.at <= t.opened_at
        order by e.seq desc limit 1) as "passedOnBy",
      p.role as "assigneeRole", n.full_name as "assigneeName", u.code as "unitCode", u.name as "unitName", u.name_en as "unitNameEn"
    from tasks t left join posts p on p.id = t.assignee_post left join persons n on n.id = p.person_id
      left join units u on u.id = p.unit_id or (p.id is null and u.code = (
        select split_part(g, ':', 2) from unnest(t.candidate_groups) as g where g like 'unit:%' limit 1))
    where t.case_id = ${caseId} and t.token = ${token}`
  return row ?? null
}

/** What letters say of a document; null when there is none such. */
export async function documentFacts(db: Database, documentId: string): Promise<DocumentFacts | null> {
  const [row] = await db.sql<DocumentFacts[]>`
    select d.id as "documentId", d.direction, d.subject, d.code, d.agency_name as "agencyName",
      floor(extract(epoch from d.due_at) * 1000)::float8 as "dueAt", d.recipients,
      floor(extract(epoch from coalesce((select min(since) from document_parts m where m.document_id = d.id), d.received_at)) * 1000)::float8 as "issuedAt",
      (select coalesce(a.code, a.subject) from document_relations r join documents a on a.id = r.related_id
        where r.document_id = d.id and r.kind = 'answers' limit 1) as answers
    from documents d where d.id::text = ${documentId}`
  return row ?? null
}

/** Units that a document was given to and that have not opened it, in the office's order. */
export async function unopenedUnits(db: Database, documentId: string): Promise<{ name: string; nameEn: string }[]> {
  return db.sql<{ name: string; nameEn: string }[]>`
    select u.name, u.name_en as "nameEn" from document_parts m join units u on u.id = m.unit_id
    where m.document_id = ${documentId} and m.opened_at is null order by u.sort`
}

/** Units with open tasks about a document, in the office's order. */
export async function unitsAtWork(db: Database, documentId: string): Promise<{ name: string; nameEn: string }[]> {
  return db.sql<{ name: string; nameEn: string }[]>`
    select distinct u.name, u.name_en as "nameEn", u.sort from tasks t left join posts p on p.id = t.assignee_post
      join units u on u.id = p.unit_id or (t.assignee_post is null and exists (
        select 1 from unnest(t.candidate_groups) as g where g like 'unit:' || u.code || ':%'))
    where t.document_id = ${documentId} and t.state = 'open' order by u.sort`
}

/** Units that have been asked for their opinion on a document and have not given it, in the office's order. */
export async function unitsOwingOpinions(
  db: Database,
  documentId: string,
): Promise<{ code: string; name: string; nameEn: string }[]> {
  return db.sql<{ code: string; name: string; nameEn: string }[]>`
    select distinct u.code, u.name, u.name_en as "nameEn", u.sort from tasks t join units u on u.code = t.input->>'unit'
    where t.document_id = ${documentId} and t.state = 'open' and t.form_key in ('opinion.answer', 'opinion.write') order by u.sort`
}

/** The document itself as it went out: its main file. */
export async function mainFile(
  db: Database,
  documentId: string,
): Promise<{ name: string; mediaType: string; sha256: string; size: number } | null> {
  const [row] = await db.sql<{ name: string; mediaType: string; sha256: string; size: number }[]>`
    select f.name, c.media_type as "mediaType", f.sha256, c.size::float8 as size from document_files f join files c on c.sha256 = f.sha256
    where f.document_id = ${documentId} and f.role = 'main' order by f.version desc, f.added_at limit 1`
  return row ?? null
}

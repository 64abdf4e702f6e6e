import type { Database } from './database.ts'
import { notFound } from './refusal.ts'
import type { verdicts } from './tables/signing.ts'
import { visibleDocument, type Viewer } from './visibility.ts'
import { documents } from './tables/documents.ts'
import { sql as text } from 'drizzle-orm'
import { wakeWorker } from './wake.ts'

export type FileVerdict = (typeof verdicts)[number]

/** Who takes a file to check has it for so long, ms; whoever dies over it has it taken up again after that. */
const LEASE_MS = 5 * 60_000
/** What nobody can check is said to be so after so many tries. */
export const VERIFICATION_TRIES = 3

export interface Evidence {
  certificates: string[]
  ocsps: string[]
  crls: string[]
}

export interface FileToVerify {
  sha256: string
  size: number
  mediaType: string
  /** This one included. */
  tried: number
  /** Which asking this answers: who asks anew meanwhile gets a check of their own. */
  asking: string
}

/** Takes the next file that waits to be checked: what has just come before what is checked again. Null: none waits. */
export async function takeFileToVerify(db: Database): Promise<FileToVerify | null> {
  const [row] = await db.sql<FileToVerify[]>`
    with next as (
      select q.sha256 from verification_queue q where q.not_before <= clock_timestamp()
      order by exists (select 1 from verifications v where v.sha256 = q.sha256), q.asked_at limit 1 for update of q skip locked
    ), taken as (
      update verification_queue q set tried = q.tried + 1, not_before = clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'
      from next where q.sha256 = next.sha256 returning q.sha256, q.tried, q.asked_at::text as asking
    )
    select t.sha256, t.tried, t.asking, f.size::float8 as size, f.media_type as "mediaType" from taken t join files f on f.sha256 = t.sha256`
  return row ?? null
}

/** A service was away or the check failed: again after `ms`. */
export async function verifyLater(db: Database, sha256: string, ms: number): Promise<void> {
  await db.sql`update verification_queue set not_before = clock_timestamp() + ${ms} * interval '1 millisecond' where sha256 = ${sha256}`
}

export interface NewVerification {
  sha256: string
  asking: string
  /** A service did not answer and the result is open: to be checked again after so many ms. */
  againAfter?: number
  verdict: FileVerdict
  isTest: boolean
  signatures: number
  /** As the panel shows it. */
  report: object
  evidence: Evidence
  trustState: string
}

/** Keeps a result with what it stands on, and ends the waiting. What was asked for anew meanwhile is left to be checked anew. */
export async function keepVerification(db: Database, made: NewVerification): Promise<boolean> {
  return db.sql.begin(async (sql) => {
    const waiting = await sql`
      delete from verification_queue where sha256 = ${made.sha256} and asked_at = ${made.asking}::timestamptz returning 1`
    if (waiting.length === 0) return false
    await sql`
      insert into verifications (sha256, verdict, is_test, signatures, report, evidence, trust_state, verified_at)
      values (${made.sha256}, ${made.verdict}, ${made.isTest}, ${made.signatures}, ${JSON.stringify(made.report)}::text::jsonb,
        ${JSON.stringify(made.evidence)}::text::jsonb, ${made.trustState}, clock_timestamp())`
    if (made.againAfter !== undefined)
      await sql`insert into verification_queue (sha256, asked_at, not_before)
        values (${made.sha256}, clock_timestamp(), clock_timestamp() + ${made.againAfter} * interval '1 millisecond')`
    return true
  })
}

/** How often a file was checked. */
export async function timesVerified(db: Database, sha256: string): Promise<number> {
  const [row] = await db.sql<
    { count: number }[]
  >`select count(*)::int as count from verifications where sha256 = ${sha256}`
  return row?.count ?? 0
}

/** What earlier checks of a file stand on: the answers of the day it came are there when nobody answers any more. */
export async function keptEvidence(db: Database, sha256: string): Promise<Evidence> {
  const rows = await db.sql<{ evidence: Evidence }[]>`
    select evidence from verifications where sha256 = ${sha256} order by verified_at`
  const all = (key: keyof Evidence) => [...new Set(rows.flatMap(({ evidence }) => evidence[key]))]
  return { certificates: all('certificates'), ocsps: all('ocsps'), crls: all('crls') }
}

/** A certificate that the office stopped, for whoever looks at a signature made with it. */
export interface StoppedCertificate {
  fingerprint: string
  state: 'suspended' | 'revoked'
  reason: string
  /** Epoch ms, real time. */
  since: number
}

/** A file of a document with the newest check of it. */
export interface VerifiedFile {
  sha256: string
  name: string
  /** `message`: what brought the document over the exchange. */
  role: 'main' | 'attachment' | 'draft' | 'copy' | 'message'
  version: number
  /** Waits to be checked, for the first time or again. */
  waiting: boolean
  /** Null while it was never checked. */
  check: {
    verdict: FileVerdict
    isTest: boolean
    signatures: number
    /** A `FileReport` of `signing`, without its evidence. */
    report: unknown
    /** Epoch ms, real time; `firstAt` is of the first check, at arrival. */
    at: number
    firstAt: number
    /** The trust list was changed since. */
    outdated: boolean
    /** Of the certificates that signed, those that the office has stopped. */
    stopped: StoppedCertificate[]
  } | null
}

/** The checked files of a document that the viewer was given: of drafts the newest version, then what came with the message. */
export async function verifiedFiles(db: Database, documentId: string): Promise<VerifiedFile[]> {
  const rows = await db.sql<VerifiedFile[]>`
    with held as (
      select sha256, name, role, version from (
        select distinct on (role, name) sha256, name, role, version from document_files
        where document_id = ${documentId} order by role, name, version desc
      ) newest
      union all
      select raw_sha256, exchange_document_id, 'message', 1 from exchange_messages
      where document_id = ${documentId} and direction = 'in' and message_type = 'edoc' and bussiness_doc_type in (0, 3) and raw_sha256 is not null
    )
    select h.sha256, h.name, h.role, h.version,
      -- One that is only put off until a service answers again waits for nothing that a reader could see.
      q.sha256 is not null and (q.tried > 0 or q.not_before <= clock_timestamp()) as waiting,
      case when v.id is not null then jsonb_build_object('verdict', v.verdict, 'isTest', v.is_test, 'signatures', v.signatures, 'report', v.report,
        'at', floor(extract(epoch from v.verified_at) * 1000),
        'firstAt', (select floor(extract(epoch from min(o.verified_at)) * 1000) from verifications o where o.sha256 = h.sha256),
        'outdated', exists (select 1 from trust_anchors a where greatest(a.added_at, a.removed_at) > v.verified_at),
        'stopped', coalesce((
          select jsonb_agg(jsonb_build_object('fingerprint', c.fingerprint, 'state', c.state, 'reason', coalesce(c.state_reason, ''),
            'since', floor(extract(epoch from c.state_since) * 1000)))
          from certificates c where c.state <> 'active' and c.state_since is not null
            and c.fingerprint in (select one->'signer'->>'fingerprint' from jsonb_array_elements(v.report->'signatures') one)), '[]')
      ) end as check
    from held h left join verification_queue q on q.sha256 = h.sha256
      left join lateral (select * from verifications v where v.sha256 = h.sha256 order by v.verified_at desc limit 1) v on true
    where v.id is not null or q.sha256 is not null
    order by array_position(array['main', 'copy', 'draft', 'attachment', 'message'], h.role), h.name`
  return [...rows]
}

/**
 * Has a file of a document checked again. @throws Refusal `not-found` for a document that is not the viewer's to see, and for a
 * file that is not of it
 */
export async function askVerification(db: Database, viewer: Viewer, documentId: string, sha256: string): Promise<void> {
  const asked = await db.orm.execute(text`
    insert into verification_queue (sha256, asked_at, not_before)
    select f.sha256, clock_timestamp(), clock_timestamp() from files f, documents
    where f.sha256 = ${sha256} and documents.id::text = ${documentId} and ${visibleDocument(viewer, documents)}
      and (exists (select 1 from document_files d where d.document_id = documents.id and d.sha256 = f.sha256)
        or exists (select 1 from exchange_messages m where m.document_id = documents.id and m.raw_sha256 = f.sha256))
    on conflict (sha256) do update set asked_at = excluded.asked_at, not_before = excluded.not_before, tried = 0 returning sha256`)
  if (asked.length === 0) throw notFound()
  wakeWorker(db)
}

/** After the trust list has changed, every signed file is checked again, behind what comes in meanwhile. */
export async function verifyAllAgain(db: Database): Promise<void> {
  await db.sql`
    insert into verification_queue (sha256, asked_at, not_before)
    select sha256, clock_timestamp(), clock_timestamp() from verifications where signatures > 0 group by sha256
    on conflict (sha256) do update set asked_at = excluded.asked_at, not_before = excluded.not_before, tried = 0`
  wakeWorker(db)
}

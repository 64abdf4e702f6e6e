import type { Effect, Json, Variables } from '#bpmn/case.ts'
import { Refusal } from './refusal.ts'
import type { StepScope } from './step.ts'

type ServiceCall = Extract<Effect, { kind: 'callService' }>
type LocalService = (scope: StepScope, call: ServiceCall) => Variables | void | Promise<Variables | void>

const codes = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
const text = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)

function documentOf(scope: StepScope, call: ServiceCall): string {
  const id = text(call.input.documentId) ?? scope.documentId
  if (!id) {
    throw new Refusal('service-without-document', 500, {
      vi: `Bước "${call.elementId}" cần một văn bản nhưng hồ sơ này không có. Chưa có gì được ghi.`,
      en: `The step "${call.elementId}" needs a document and this case has none. Nothing was written.`,
    })
  }
  return id
}

const input = (scope: StepScope, call: ServiceCall, name: string): Json | undefined =>
  call.input[name] ?? scope.variables[name]

/** Gives units their parts in a document, and with them the right to see it. */
function giveParts(
  scope: StepScope,
  documentId: string,
  parts: { part: string; codes: string[]; dueAt: string | null }[],
): void {
  const rows = parts.flatMap(({ part, codes: list, dueAt }) => list.map((code) => ({ part, code, dueAt })))
  if (rows.length === 0) return
  const { sql, now } = scope
  scope.write(
    () => sql`with asked as (
        select distinct on (u.id) u.id, r.part, r."dueAt" from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(part text, code text, "dueAt" timestamptz)
        join units u on u.code = r.code order by u.id, array_position(array['lead', 'coordinate', 'information'], r.part)
      ), parts as (
        insert into document_parts (document_id, unit_id, part, due_at, since)
        select ${documentId}, id, part, "dueAt", to_timestamp(${now}::float8 / 1000) from asked
        on conflict (document_id, unit_id) do update set part = excluded.part, due_at = excluded.due_at
      )
      insert into document_access (document_id, grantee, since)
      select ${documentId}, id, to_timestamp(${now}::float8 / 1000) from asked on conflict do nothing`,
  )
}

function setState(scope: StepScope, documentId: string, state: string): void {
  scope.write(() => scope.sql`update documents set state = ${state}, version = version + 1 where id = ${documentId}`)
}

/**
 * Services that touch only this database and so run inside the step (`zeebe:taskDefinition type`). Whatever is not here is a
 * call to the outside.
 */
export const localServices: ReadonlyMap<string, LocalService> = new Map<string, LocalService>([
  ['noop', () => undefined],

  /** Tells the sender over the exchange how far its document is (QĐ 28/2018: 01 … 06). Input: status, description. */
  [
    'exchange.reportStatus',
    (scope, call) => {
      if (input(scope, call, 'source') !== 'exchange') return
      const status = text(call.input.status) ?? ''
      const documentId = documentOf(scope, call)
      scope.call({
        channel: 'exchange',
        serviceType: 'exchange.reportStatus',
        input: { documentId, status, description: text(call.input.description) },
        key: `status:${documentId}:${status}`,
      })
    },
  ],

  /** After the direction: lead, coordinating and informed units get their parts; the informed ones a letter. */
  [
    'document.inform',
    (scope, call) => {
      const documentId = documentOf(scope, call)
      const { sql } = scope
      const dueAt = text(input(scope, call, 'deadline'))
      const leadUnit = text(input(scope, call, 'leadUnit'))
      const informed = codes(input(scope, call, 'informationUnits'))
      giveParts(scope, documentId, [
        { part: 'lead', codes: leadUnit ? [leadUnit] : [], dueAt },
        { part: 'coordinate', codes: codes(input(scope, call, 'coordinatingUnits')), dueAt },
        { part: 'information', codes: informed, dueAt: null },
      ])
      scope.write(
        () => sql`update documents set state = 'directed', due_at = ${dueAt}::timestamptz, version = version + 1,
          unit_id = (select id from units where code = ${leadUnit}) where id = ${documentId}`,
      )
      if (informed.length > 0) {
        scope.call({
          channel: 'mail',
          serviceType: 'letter.inform',
          input: { documentId, units: informed },
          key: `letter:${scope.caseId}:${call.callId}:inform`,
        })
      }
    },
  ],

  /** An internal document is issued: every unit gets its part and a letter. */
  [
    'document.issueInternal',
    (scope, call) => {
      const documentId = documentOf(scope, call)
      const units = codes(input(scope, call, 'recipientUnits'))
      giveParts(scope, documentId, [{ part: 'information', codes: units, dueAt: null }])
      setState(scope, documentId, 'issued')
      scope.call({
        channel: 'mail',
        serviceType: 'letter.notice',
        input: { documentId, units },
        key: `letter:${scope.caseId}:${call.callId}:notice`,
      })
    },
  ],

  /** The reply goes to the units concerned by internal mail. */
  [
    'letter.dispatch',
    (scope, call) => {
      const documentId = text(input(scope, call, 'replyDocumentId')) ?? documentOf(scope, call)
      const units = codes(input(scope, call, 'recipientUnits'))
      giveParts(scope, documentId, [{ part: 'information', codes: units, dueAt: null }])
      scope.call({
        channel: 'mail',
        serviceType: 'letter.dispatch',
        input: { documentId, answers: scope.documentId, units },
        key: `letter:${scope.caseId}:${call.callId}:dispatch`,
      })
    },
  ],

  /** The Office is told who is late or has not opened the document. */
  [
    'letter.chase',
    (scope, call) => {
      const documentId = documentOf(scope, call)
      scope.call({
        channel: 'mail',
        serviceType: 'letter.chase',
        input: { documentId, to: call.input.to ?? null, about: text(call.input.about) },
        key: `letter:${scope.caseId}:${call.callId}:chase`,
      })
    },
  ],

  /** The case is done. What was only filed for information stays so, and what was issued to the outside stays issued. */
  [
    'document.close',
    (scope, call) => {
      const documentId = documentOf(scope, call)
      scope.write(
        () => scope.sql`update documents set state = case when state = 'filed' or (direction = 'outgoing' and state = 'issued') then state else 'closed' end, version = version + 1,
          closed_at = coalesce(closed_at, to_timestamp(${scope.now}::float8 / 1000)) where id = ${documentId}`,
      )
    },
  ],

  /** Who submitted a slip learns what was decided. Input: to, by (posts), outcome, opinion. */
  [
    'letter.decided',
    (scope, call) => {
      scope.call({
        channel: 'mail',
        serviceType: 'letter.decided',
        input: {
          documentId: documentOf(scope, call),
          to: call.input.to ?? null,
          by: call.input.by ?? null,
          outcome: text(call.input.outcome),
          opinion: text(call.input.opinion),
        },
        key: `letter:${scope.caseId}:${call.callId}:decided`,
      })
    },
  ],

  /** Units that were asked for their opinion learn what became of it. Input: units, synthesis. */
  [
    'letter.concluded',
    (scope, call) => {
      scope.call({
        channel: 'mail',
        serviceType: 'letter.concluded',
        input: {
          documentId: documentOf(scope, call),
          units: codes(call.input.units),
          synthesis: text(call.input.synthesis),
        },
        key: `letter:${scope.caseId}:${call.callId}:concluded`,
      })
    },
  ],

  /**
   * What checking the signatures of a document's files has found, for a flow to go by: the worst of them, `checking` while one was not
   * looked at yet. A certificate that the office has stopped leaves none valid. Output: signatureVerdict, signatureTest.
   */
  [
    'document.readSignatures',
    async (scope, call) => {
      const [found] = await scope.sql<{ signatureVerdict: string; signatureTest: boolean }[]>`
        with newest as (select distinct on (role, name) sha256 from document_files
            where document_id = ${documentOf(scope, call)} and role in ('main', 'draft', 'attachment') order by role, name, version desc),
          checked as (select case when v.id is null then 'checking' when v.verdict = 'valid' and exists (
              select 1 from certificates c where c.state <> 'active'
                and c.fingerprint in (select one->'signer'->>'fingerprint' from jsonb_array_elements(v.report->'signatures') one)
            ) then 'unknown' else v.verdict end as verdict, coalesce(v.is_test, false) as test
            from newest n left join lateral (select * from verifications v where v.sha256 = n.sha256 order by v.verified_at desc limit 1) v on true)
        select coalesce((array_agg(verdict order by array_position(array['invalid', 'checking', 'unknown', 'valid', 'unsigned'], verdict)))[1], 'unsigned')
          as "signatureVerdict", coalesce(bool_or(test), false) as "signatureTest" from checked`
      return { signatureVerdict: found?.signatureVerdict ?? 'unsigned', signatureTest: found?.signatureTest ?? false }
    },
  ],

  /** What was drafted is given up by its author; what it says itself stays. Input: documentId, reason. */
  [
    'document.withdraw',
    (scope, call) => {
      const documentId = documentOf(scope, call)
      scope.write(
        () => scope.sql`update documents set state = 'withdrawn', version = version + 1, note = coalesce(note, ${text(call.input.reason)}),
          closed_at = coalesce(closed_at, to_timestamp(${scope.now}::float8 / 1000)) where id = ${documentId}`,
      )
    },
  ],

  /** The author learns that the registry did not issue the document, and why. */
  [
    'letter.returned',
    (scope, call) => {
      scope.call({
        channel: 'mail',
        serviceType: 'letter.returned',
        input: {
          documentId: documentOf(scope, call),
          to: input(scope, call, 'to') ?? null,
          reason: text(input(scope, call, 'reason')),
        },
        key: `letter:${scope.caseId}:${call.callId}:returned`,
      })
    },
  ],
])

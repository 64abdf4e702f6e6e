import { documentCode } from './document-code.ts'
import { MINISTRY } from './outgoing.ts'
import { takeNumber } from './registers.ts'
import { documentSearchText } from './search-text.ts'
import type { StepScope } from './step.ts'

/** Numbers an internal document in the outgoing book, inside the step. @returns its number and notation, `55/TB-BCT` */
export async function issueNotice(
  scope: StepScope,
  notice: {
    kindCode: string
    subject: string
    issuedOn: string
    signerName: string
    signerPosition: string
    recipients: string
    recipientUnits: string[]
  },
): Promise<string> {
  const { sql, documentId } = scope
  if (!documentId) throw new Error('numbering needs a document')
  const taken = await takeNumber(scope, { book: 'outgoing', series: notice.kindCode, documentId })
  const [known] = await sql<{ abbreviation: string | null; notation: string | null }[]>`
    select k.abbreviation, u.notation from documents d left join document_kinds k on k.code = ${notice.kindCode} left join units u on u.id = d.unit_id where d.id = ${documentId}`
  const code = documentCode({
    number: taken.number,
    abbreviation: known?.abbreviation ?? null,
    agency: MINISTRY.abbreviation,
    unitNotation: known?.notation ?? null,
  })
  const search = documentSearchText({ code: code.code, agencyName: MINISTRY.name, subject: notice.subject })
  scope.write(
    () => sql`update documents set kind_code = ${notice.kindCode}, subject = ${notice.subject}, number = ${code.number}, notation = ${code.notation}, code = ${code.code},
      issued_on = ${notice.issuedOn}::date, registered_on = ${taken.day}::date, register_number = ${taken.number}, signer_name = ${notice.signerName},
      signer_position = ${notice.signerPosition}, recipients = ${notice.recipients}, search = ${search}, version = version + 1 where id = ${documentId}`,
  )
  return code.code
}

/** An internal document with its file, made in the transaction that starts its case. @returns its id */
export async function insertInternal(
  scope: Pick<StepScope, 'sql' | 'now'>,
  made: {
    subject: string
    kindCode: string
    signerName: string | null
    signerPosition: string | null
    recipients: string
    unitId: string
    postId: string
    file: { name: string; sha256: string; size: number; mediaType: string }
  },
): Promise<string> {
  const { sql } = scope
  const at = sql`to_timestamp(${scope.now}::float8 / 1000)`
  await sql`insert into files (sha256, size, media_type, created_at) values (${made.file.sha256}, ${made.file.size}, ${made.file.mediaType}, ${at}) on conflict do nothing`
  const [row] = await sql<{ id: string }[]>`
    insert into documents (direction, state, source, kind_code, subject, agency_code, agency_name, received_at, signer_name, signer_position, recipients, unit_id, search,
      created_by_post, created_at)
    values ('internal', 'draft', 'internal', ${made.kindCode}, ${made.subject}, ${MINISTRY.code}, ${MINISTRY.name}, ${at}, ${made.signerName}, ${made.signerPosition},
      ${made.recipients}, ${made.unitId}, ${documentSearchText({ code: null, agencyName: MINISTRY.name, subject: made.subject })}, ${made.postId}, ${at}) returning id`
  if (!row) throw new Error('inserting an internal document wrote no row')
  await Promise.all([
    sql`insert into document_files (document_id, role, name, sha256, added_by_post, added_at)
      values (${row.id}, 'main', ${made.file.name}, ${made.file.sha256}, ${made.postId}, ${at})`,
    sql`insert into document_access (document_id, grantee, since) values (${row.id}, ${made.unitId}, ${at})`,
  ])
  return row.id
}

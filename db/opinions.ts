import type { Database } from './database.ts'

/** Codes of the units that have given their opinion in a case, or said that it is no concern of theirs. */
export async function unitsThatAnswered(db: Database, caseId: string): Promise<string[]> {
  const rows = await db.sql<{ code: string }[]>`
    select distinct input->>'unit' as code from tasks
    where case_id = ${caseId} and form_key in ('opinion.answer', 'opinion.write') and state = 'completed' and outcome <> 'assigned'
      and input->>'unit' is not null`
  return rows.map(({ code }) => code)
}

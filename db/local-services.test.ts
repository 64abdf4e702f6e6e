import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawnFlow, end, service, start, task } from '#test/fixtures/drawn-flow.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import type { Database } from './database.ts'
import { publishFlow } from './flows.ts'
import { insertScanned } from './incoming.ts'
import { startCase } from './step.ts'

let db: Database
let postId: string

beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  postId = opened.office.clerk!.viewer.postId
  const elements = { s: start(), look: service('document.readSignatures'), t: task(), e: end() }
  await publishFlow(db, { xml: drawnFlow('looks', elements) })
})
afterAll(() => db.close())

/** What a flow is told of a document whose files were checked so; null was not checked yet. */
async function toldOf(verdicts: (string | null)[], fingerprint = 'f'.repeat(64)): Promise<unknown> {
  const files = verdicts.map((verdict) => ({ verdict, sha256: randomUUID().replaceAll('-', '').padEnd(64, '0') }))
  const { caseId } = await startCase(db, {
    flowId: 'looks',
    documentId: null,
    variables: {},
    key: randomUUID(),
    actor: null,
    act: async (scope) => {
      const [main, ...more] = files
      const scanned = { size: 3, mediaType: 'application/pdf', name: 'den.pdf', subject: 'x', postId }
      const documentId = await insertScanned(scope, { ...scanned, sha256: main!.sha256 })
      for (const [at, { sha256 }] of more.entries()) {
        await scope.sql`insert into files (sha256, size, media_type, created_at) values (${sha256}, 3, 'application/pdf', now())`
        await scope.sql`insert into document_files (document_id, role, name, sha256, added_at) values (${documentId}, 'attachment', ${`${at}.pdf`}, ${sha256}, now())`
      }
      const report = { signatures: [{ signer: { fingerprint } }] }
      for (const { verdict, sha256 } of files)
        if (verdict !== null)
          await scope.sql`insert into verifications (sha256, verdict, is_test, signatures, report, evidence, trust_state, verified_at)
            values (${sha256}, ${verdict}, ${verdict === 'valid'}, 1, ${JSON.stringify(report)}::text::jsonb, '{}', 'x', now())`
      return { documentId }
    },
  })
  const [row] = await db.sql<{ variables: Record<string, unknown> }[]>`
    select state->'variables' as variables from case_states where case_id = ${caseId}`
  return row?.variables.signatureVerdict
}

describe('what a flow is told of a document’s signatures', () => {
  it('is the worst that was found of its files', async () => {
    expect(await toldOf(['valid'])).toBe('valid')
    expect(await toldOf(['valid', 'unsigned'])).toBe('valid')
    expect(await toldOf(['valid', 'unknown'])).toBe('unknown')
    expect(await toldOf(['valid', 'invalid', 'unknown'])).toBe('invalid')
    expect(await toldOf(['unsigned', 'unsigned'])).toBe('unsigned')
  })

  it('is that it waits, while a file was not checked', async () => {
    expect(await toldOf(['valid', null])).toBe('checking')
    expect(await toldOf([null, 'invalid'])).toBe('invalid')
  })

  it('is nothing certain once the office has stopped a certificate that signed', async () => {
    const fingerprint = 'a'.repeat(64)
    expect(await toldOf(['valid'], fingerprint)).toBe('valid')
    const [person] = await db.sql<{ id: string }[]>`select person_id as id from posts where id = ${postId}`
    await db.sql`insert into certificates (person_id, name, subject, issuer, serial, fingerprint, der, not_before, not_after, kept_on, state, state_reason, state_since, added_at)
      values (${person!.id}, 'x', 'x', 'x', '1', ${fingerprint}, '', now(), now(), 'token', 'suspended', 'mất thiết bị', now(), now())`
    expect(await toldOf(['valid'], fingerprint)).toBe('unknown')
  })
})

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { startCase } from '#db/step.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let db: Database
let url: string
let folder: string
let caseId: string

beforeAll(async () => {
  ;({ db, url } = await openOfficeDatabase())
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-command-'))
  const variables = { subject: 'x', sender: 'y', urgency: 0, dueDate: '2026-12-31', needsReply: true }
  const started = await startCase(db, {
    flowId: 'approval',
    documentId: null,
    variables,
    key: randomUUID(),
    actor: null,
  })
  caseId = started.caseId
})
afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

interface Ran {
  code: number
  out: string
  err: string
}

function imoit(...words: string[]): Promise<Ran> {
  const env = { ...process.env, DATABASE_URL: url, LC_ALL: 'C', IMOIT_DATA: folder }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'app/cli/imoit.ts', ...words],
      { cwd: root, env },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

describe('the administrator’s command', () => {
  it('verifies the audit, and names the first broken link with exit code 1', async () => {
    expect(await imoit('audit', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('The audit is whole.'),
    })
    await db.sql`update case_events set data = '{}' where case_id = ${caseId} and seq = 1`
    const broken = await imoit('audit', 'verify')
    expect(broken.code).toBe(1)
    expect(broken.out).toContain(`case ${caseId}: event 1 was changed`)
    expect(JSON.parse((await imoit('audit', 'verify', '--json')).out)).toMatchObject({
      brokenChains: 1,
      broken: [{ caseId, seq: 1, fault: 'changed' }],
    })
  })

  it('says in a sentence what it cannot do, with exit code 2', async () => {
    expect(await imoit('flow', 'run', '/nowhere.bpmn')).toMatchObject({
      code: 2,
      err: 'There is no file /nowhere.bpmn\n',
    })
    expect(await imoit('fly')).toMatchObject({ code: 2, err: expect.stringContaining('unknown command') })
    expect(await imoit('--help')).toMatchObject({ code: 0, out: expect.stringContaining('audit') })
  })
})

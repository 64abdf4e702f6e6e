import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runConformance, type ConformanceProcess } from '#bpmn/conformance.ts'

const set = join(import.meta.dirname, '../../../shared/conformance')
const cases = join(set, 'cases.json')

describe.skipIf(!existsSync(cases))(`the conformance set at ${set} (skipped where it is absent)`, async () => {
  const processes = existsSync(cases) ? (JSON.parse(await readFile(cases, 'utf8')) as ConformanceProcess[]) : []

  it.each(processes.map((process) => [process.name, process] as const))('%s', async (_name, process) => {
    const verdicts = await runConformance(process, await readFile(join(set, process.file), 'utf8'))
    expect(verdicts.map(({ name, got }) => ({ name, words: got }))).toEqual(
      verdicts.map(({ name, expected }) => ({ name, words: expected })),
    )
  })
})

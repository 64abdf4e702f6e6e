import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AdvanceContext } from '#bpmn/case.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { runDecisionTests } from '#bpmn/dmn/tck.ts'
import { ORDINARY_WEEK } from '#bpmn/working-time.ts'

const folder = join(import.meta.dirname, '../../../shared/conformance/dmn')
const context: AdvanceContext = {
  now: Date.parse('2026-01-05T08:00:00Z'),
  calendar: { ...ORDINARY_WEEK, timeZone: 'UTC' },
}

describe.skipIf(!existsSync(folder))(`decisions at ${folder} (skipped where they are absent)`, () => {
  const models = existsSync(folder) ? readdirSync(folder) : []

  it.each(models)('%s gives its results', async (name) => {
    const model = parseDmn(await readFile(join(folder, name, `${name}.dmn`), 'utf8'))
    const tests = readdirSync(join(folder, name)).filter((file) => file.endsWith('.xml'))
    for (const file of tests) {
      const verdicts = runDecisionTests(name, model, await readFile(join(folder, name, file), 'utf8'), context)
      expect(verdicts.length).toBeGreaterThan(0)
      expect(verdicts.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    }
  })
})

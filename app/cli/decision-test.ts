import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { AdvanceContext } from '#bpmn/case.ts'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { runDecisionTests } from '#bpmn/dmn/tck.ts'
import { Failure } from '#bpmn/failure.ts'
import { ORDINARY_WEEK } from '#bpmn/working-time.ts'

export interface DecisionTestResult {
  /** A line for each result that differs or is left out, then `N passed, N failed`. */
  lines: string[]
  passed: boolean
}

const CONTEXT: AdvanceContext = {
  now: Date.parse('2026-01-05T08:00:00Z'),
  calendar: { ...ORDINARY_WEEK, timeZone: 'UTC' },
}

/**
 * Runs a folder of the DMN TCK: every `*-test-*.xml` on the model beside it (the one that the file names, where it does). A model that
 * cannot be read fails its tests. Throws what reading the files throws.
 */
export async function testDecisions(dir: string): Promise<DecisionTestResult> {
  const files = (await readdir(dir, { recursive: true })).filter((file) => /-test-[^/\\]*\.xml$/.test(file)).sort()
  const lines: string[] = []
  const counts = { passed: 0, failed: 0, leftOut: 0 }
  for (const file of files) {
    const path = join(dir, file)
    const tests = await readFile(path, 'utf8')
    const beside = await modelBeside(path, tests)
    if (beside === undefined) continue
    const model = readModel(await readFile(beside, 'utf8'))
    if (model instanceof Failure) {
      counts.failed++
      lines.push(`${relative(dir, path)}: expected a model, got ${model.message}`)
      continue
    }
    for (const verdict of runDecisionTests(relative(dir, path), model, tests, CONTEXT)) {
      counts[verdict.outcome]++
      if (verdict.outcome === 'failed') lines.push(`${verdict.name}: expected ${verdict.expected}, got ${verdict.got}`)
      if (verdict.outcome === 'leftOut') lines.push(`${verdict.name}: left out (${verdict.got})`)
    }
  }
  const left = counts.leftOut > 0 ? [`${counts.leftOut} left out`] : []
  return { lines: [...lines, ...left, `${counts.passed} passed, ${counts.failed} failed`], passed: counts.failed === 0 }
}

async function modelBeside(path: string, tests: string): Promise<string | undefined> {
  const models = (await readdir(dirname(path))).filter((name) => name.endsWith('.dmn'))
  const named = /<(?:\w+:)?modelName>\s*([^<]+?)\s*</.exec(tests)?.[1]
  const model = models.find((name) => name === named) ?? models[0]
  return model === undefined ? undefined : join(dirname(path), model)
}

function readModel(xml: string): DecisionModel | Failure {
  try {
    return parseDmn(xml)
  } catch (error) {
    return new Failure('decision', error instanceof Error ? error.message : String(error))
  }
}

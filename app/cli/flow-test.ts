import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { decodeXml } from '#bpmn/decode-xml.ts'
import { runConformance, type ConformanceProcess } from '#bpmn/conformance.ts'

export interface FlowTestResult {
  /** A line for each case that differs, then `N passed, N failed`. */
  lines: string[]
  /** Whether all passed. */
  passed: boolean
}

/**
 * Runs a conformance file on a virtual clock. `dir` is where the files that it names lie.
 * Throws what reading the files throws (ENOENT), and SyntaxError where the file of cases is no JSON.
 */
export async function testFlows(casesFile: string, dir: string): Promise<FlowTestResult> {
  const processes = JSON.parse(await readFile(casesFile, 'utf8')) as ConformanceProcess[]
  const lines: string[] = []
  let passed = 0
  let failed = 0
  for (const process of processes) {
    const verdicts = await runConformance(process, decodeXml(await readFile(resolve(dir, process.file))).text)
    for (const verdict of verdicts) {
      if (verdict.passed) passed++
      else {
        failed++
        lines.push(`${verdict.name}: expected ${words(verdict.expected)}, got ${words(verdict.got)}`)
      }
    }
  }
  return { lines: [...lines, `${passed} passed, ${failed} failed`], passed: failed === 0 }
}

const words = (trace: string[]) => `[${trace.join(', ')}]`

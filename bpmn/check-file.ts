import { checkFlow, type CheckOptions } from './check.ts'
import type { Finding } from './finding.ts'
import type { Flow } from './flow.ts'
import { parseBpmn } from './parse.ts'

export interface CheckedFile {
  /** The processes of the file; none where it cannot be read. */
  flows: Flow[]
  /** Errors first, each once. */
  findings: Finding[]
}

/** All that publishing says of a file: of its XML, of the standard's rules, and of each process. */
export async function checkBpmn(xml: string, options: CheckOptions = {}): Promise<CheckedFile> {
  const parsed = await parseBpmn(xml)
  if (!parsed.ok) {
    // a choreography, say, is no process, and may be drawn all the same
    const asDrawn = (finding: Finding): Finding =>
      options.drawings && finding.rule === 'no-process' ? { ...finding, severity: 'warning' } : finding
    return { flows: [], findings: parsed.findings.map(asDrawn) }
  }
  const seen = new Map<string, Finding>()
  for (const flow of parsed.flows) {
    for (const finding of checkFlow(flow, options))
      seen.set(JSON.stringify([finding.rule, finding.elementId, finding.en]), finding)
  }
  const findings = [...seen.values()].sort(
    (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
  )
  return { flows: parsed.flows, findings }
}

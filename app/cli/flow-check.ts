import type { Finding } from '#bpmn/check.ts'
import { checkBpmn } from '#bpmn/check-file.ts'
import type { Language } from '../language.ts'

export interface DrawingCheck {
  /** No finding bars it. */
  publishable: boolean
  /** The processes of the file. */
  flows: { id: string; name: string }[]
  /** Errors first. */
  findings: Finding[]
}

/** What publishing would say of a drawing (BPMN XML). */
export async function checkDrawing(xml: string): Promise<DrawingCheck> {
  const { flows, findings } = await checkBpmn(xml)
  return {
    publishable: findings.every(({ severity }) => severity !== 'error'),
    flows: flows.map(({ id, name }) => ({ id, name })),
    findings,
  }
}

const words = {
  vi: { error: 'lỗi', warning: 'cảnh báo', yes: 'ban hành được', no: 'CHƯA ban hành được' },
  en: { error: 'error', warning: 'warning', yes: 'can be published', no: 'CANNOT be published' },
}

/** A line for each finding, then the verdict. */
export function flowReport(file: string, check: DrawingCheck, language: Language): string[] {
  const say = words[language]
  const lines = check.findings.map(
    (finding) =>
      `${say[finding.severity]} [${finding.rule}]${finding.elementId === null ? '' : ` ${finding.elementId}`}: ${finding[language]}`,
  )
  const flows = check.flows.map(({ id, name }) => `${name} (${id})`).join(', ')
  return [...lines, `${file}${flows ? `: ${flows}` : ''}: ${check.publishable ? say.yes : say.no}`]
}

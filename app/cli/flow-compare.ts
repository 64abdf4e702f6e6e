import { readFile } from 'node:fs/promises'
import { compareFlows, type FlowDifference } from '#bpmn/compare.ts'
import { decodeXml } from '#bpmn/decode-xml.ts'
import type { Flow } from '#bpmn/flow.ts'
import { FlowRefused, parseBpmn } from '#bpmn/parse.ts'
import type { Language } from '../language.ts'

export interface ComparedProcess {
  process: string
  change: 'added' | 'removed' | 'compared'
  differences: FlowDifference[]
}

/**
 * The processes of two files, by their ids; where each file holds one, that one. Throws FlowRefused where a file is no flow, and what
 * reading them throws.
 */
export async function compareFiles(before: string, after: string): Promise<ComparedProcess[]> {
  const [old, now] = [await flowsOf(before), await flowsOf(after)]
  const [only, alone] = [old[0], now[0]]
  if (only && alone && old.length === 1 && now.length === 1) return [compared(only, alone)]
  const removed = old.filter(({ id }) => !now.some((one) => one.id === id))
  return [
    ...removed.map(({ id }): ComparedProcess => ({ process: id, change: 'removed', differences: [] })),
    ...now.map((flow): ComparedProcess => {
      const earlier = old.find(({ id }) => id === flow.id)
      return earlier ? compared(earlier, flow) : { process: flow.id, change: 'added', differences: [] }
    }),
  ]
}

function compared(before: Flow, after: Flow): ComparedProcess {
  return { process: after.id, change: 'compared', differences: compareFlows(before, after) }
}

async function flowsOf(file: string): Promise<Flow[]> {
  const parsed = await parseBpmn(decodeXml(await readFile(file)).text)
  if (!parsed.ok) throw new FlowRefused(parsed.findings)
  return parsed.flows
}

const words = {
  vi: {
    added: 'thêm',
    removed: 'bỏ',
    changed: 'đổi',
    moved: 'dời chỗ',
    process: 'quy trình',
    same: 'Hai bản như nhau.',
  },
  en: {
    added: 'added',
    removed: 'removed',
    changed: 'changed',
    moved: 'moved',
    process: 'process',
    same: 'The two are the same.',
  },
}

/** A line for each difference. */
export function compareReport(processes: ComparedProcess[], language: Language): string[] {
  const say = words[language]
  const lines = processes.flatMap(({ process, change, differences }) => {
    if (change !== 'compared') return [`${say[change]} ${say.process} ${process}`]
    return differences.map(({ change: how, kind, elementId, name, parts }) => {
      const of = parts.length > 0 ? `: ${parts.join(', ')}` : ''
      return `${say[how]} ${kind} ${elementId}${name && name !== elementId ? ` "${name.replace(/\s+/g, ' ')}"` : ''}${of}`
    })
  })
  return lines.length > 0 ? lines : [say.same]
}

import { open, stat } from 'node:fs/promises'
import type { Finding } from '#bpmn/finding.ts'
import { lintBpmn, MAX_FILE_BYTES, tooLarge } from '#bpmn/lint.ts'
import type { Language } from '../language.ts'

/** What `flow lint` prints of one file. */
export interface LintedFile {
  file: string
  /** No problem is an error. */
  ok: boolean
  problems: { rule: string; element: string | null; severity: Finding['severity']; message: string }[]
}

/** Whatever lies at the path: what cannot be read is a problem of the file, too. */
export async function lintFile(file: string, language: Language): Promise<LintedFile> {
  const findings = await findingsOf(file)
  return {
    file,
    ok: findings.every(({ severity }) => severity !== 'error'),
    problems: findings.map(({ rule, elementId, severity, ...said }) => ({
      rule,
      element: elementId,
      severity,
      message: said[language],
    })),
  }
}

async function findingsOf(file: string): Promise<Finding[]> {
  let bytes: Uint8Array
  try {
    const { size } = await stat(file)
    if (size > MAX_FILE_BYTES) return [tooLarge()]
    bytes = await readUpTo(file, MAX_FILE_BYTES + 1)
  } catch (error) {
    return [unreadable(error)]
  }
  return lintBpmn(bytes)
}

/** A device or a pipe may hold more than it says. */
async function readUpTo(file: string, limit: number): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const parts: Buffer[] = []
    let length = 0
    for await (const part of handle.createReadStream({ end: limit - 1, autoClose: false })) {
      parts.push(part as Buffer)
      length += (part as Buffer).length
      if (length >= limit) break
    }
    return Buffer.concat(parts)
  } finally {
    await handle.close()
  }
}

const REASONS: Record<string, Record<Language, string>> = {
  ENOENT: { vi: 'Không có tệp này.', en: 'There is no such file.' },
  EACCES: { vi: 'Không có quyền đọc tệp này.', en: 'The file may not be read.' },
  EISDIR: { vi: 'Đây là một thư mục.', en: 'This is a folder.' },
}

function unreadable(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const { vi, en } = REASONS[code] ?? { vi: `Không đọc được tệp (${code}).`, en: `The file cannot be read (${code}).` }
  return { rule: 'unreadable', severity: 'error', elementId: null, vi, en }
}

const words = {
  vi: { error: 'lỗi', warning: 'cảnh báo', yes: 'đạt', no: 'CHƯA đạt' },
  en: { error: 'error', warning: 'warning', yes: 'ok', no: 'NOT ok' },
}

/** The same for people: a line for each problem, then the verdict. */
export function lintReport({ file, ok, problems }: LintedFile, language: Language): string[] {
  const say = words[language]
  const lines = problems.map(
    ({ rule, element, severity, message }) =>
      `${say[severity]} [${rule}]${element === null ? '' : ` ${element}`}: ${message}`,
  )
  return [...lines, `${file}: ${ok ? say.yes : say.no}`]
}

import type { Json, Variables } from '#bpmn/case.ts'

/** Variables as people write them: a line each, `name: value`, the value in JSON or bare words; or one JSON object. Null when neither. */
export function readVariables(text: string): Variables | null {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  if (trimmed.startsWith('{')) {
    const value = readJson(trimmed)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  }
  const variables: Variables = {}
  for (const line of trimmed.split('\n')) {
    if (line.trim() === '') continue
    const [, name, value] = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*[:=]\s*(.*)$/u.exec(line) ?? []
    if (name === undefined || value === undefined) return null
    variables[name] = readJson(value) ?? (value.trim() === 'null' ? null : value.trim())
  }
  return variables
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined // bare words
  }
}

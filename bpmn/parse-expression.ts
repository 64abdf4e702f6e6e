import type { ModdleElement } from 'bpmn-moddle'
import { text } from './parse-extensions.ts'

/** An expression element that is FEEL whether or not it begins with "=". */
export function condition(expression: unknown): string | null {
  const body = text((expression as ModdleElement | undefined)?.['body'])
  return body === null || body.startsWith('=') ? body : `=${body}`
}

import type { Language } from '../language.ts'

export function officeTemplates(_language: Language): unknown[] {
  return []
}

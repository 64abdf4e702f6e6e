import type { ModuleDeclaration } from 'didi'
import type { Language } from '../language.ts'
import { vietnamese } from './vietnamese.ts'

/** Texts that were shown without a Vietnamese one, each told once. */
const told = new Set<string>()

function inVietnamese(text: string): string {
  const found = vietnamese.get(text)
  if (found !== undefined) return found
  if (!told.has(text)) {
    told.add(text)
    console.warn(`No Vietnamese text for: ${text}`)
  }
  return text
}

/** The module through which all of bpmn.io's own words go. `{name}` in a text is replaced. */
export function translations(language: Language): ModuleDeclaration {
  const translate = (text: string, values: Record<string, string> = {}): string =>
    (language === 'vi' ? inVietnamese(text) : text).replace(/\{([^}]+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    )
  return { translate: ['value', translate] }
}

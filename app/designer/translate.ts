import type { ModuleDeclaration } from 'didi'
import type { Language } from '../language.ts'
import { vietnameseOf } from './vietnamese.ts'

/** Texts that were shown without a Vietnamese one, each told once. */
const told = new Set<string>()

function inVietnamese(text: string): string {
  const found = vietnameseOf(text)
  if (found !== undefined) return found
  if (!told.has(text)) {
    told.add(text)
    console.warn(`No Vietnamese text for: ${text}`)
  }
  return text
}

/**
 * The module through which all of bpmn.io's own words go. `{name}` in a text is replaced. `ours` are the project's own texts,
 * which are in the page's language already.
 */
export function translations(language: Language, ours: ReadonlySet<string>): ModuleDeclaration {
  const translate = (text: string, values: Record<string, string> = {}): string =>
    (language === 'vi' && text !== '' && !ours.has(text) ? inVietnamese(text) : text).replace(
      /\{([^}]+)\}/g,
      (whole, name: string) => String(values[name] ?? whole),
    )
  return { translate: ['value', translate] }
}

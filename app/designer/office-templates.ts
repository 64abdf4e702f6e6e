import type { Language } from '../language.ts'
import type { OfficeTemplate } from './modeler-services.ts'

/** Element templates as the ecosystem writes them, with texts as `{ vi, en }`. */
const files = import.meta.glob<unknown>('./templates/*.json', { eager: true, import: 'default' })

const isText = (value: object): value is Record<Language, string> =>
  Object.keys(value).length === 2 && 'vi' in value && 'en' in value

/** A name is part of the drawing, which the whole office reads. */
const isName = (value: object) =>
  'binding' in value && JSON.stringify(value.binding) === '{"type":"property","name":"name"}'

function inLanguage(value: unknown, language: Language): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => inLanguage(each, language))
  if (isText(value)) return value[language]
  const spoken = isName(value) ? 'vi' : language
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inLanguage(each, spoken)]))
}

/** The office's steps, in the order in which a document meets them. */
export function officeTemplates(language: Language): OfficeTemplate[] {
  return Object.keys(files)
    .sort()
    .map((file) => inLanguage(files[file], language) as OfficeTemplate)
}

/** All that a person reads of the templates: bpmn.io asks for its translation, too. */
export function textsOf(templates: unknown): Set<string> {
  const texts = new Set<string>()
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, each] of Object.entries(value)) {
      if (typeof each === 'string' && ['name', 'label', 'description'].includes(key)) texts.add(each)
      else visit(each)
    }
  }
  visit(templates)
  return texts
}

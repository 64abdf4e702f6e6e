import texts from './vietnamese.json'

const byEnglish = new Map(Object.entries(texts))

/** bpmn.io's words in Vietnamese; the same word stands in it with capitals and without. Undefined where there is none. */
export function vietnameseOf(english: string): string | undefined {
  return byEnglish.get(english.trim().toLowerCase())
}

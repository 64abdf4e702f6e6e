import { describe, expect, it } from 'vitest'
import { navigation } from './navigation.ts'

type Texts = { [key: string]: string | string[] | Texts }

const files = import.meta.glob<Texts>('./translations/*/*.json', { eager: true, import: 'default' })
const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.{ts,tsx}', '!./{start,cli}/**'], {
  eager: true,
  query: '?raw',
  import: 'default',
})
const namespaces = [...new Set(Object.keys(files).map((file) => file.replace(/.*\/([\w-]+)\.json$/, '$1')))]

function flat(texts: Texts, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' || Array.isArray(value)
        ? // A list is asked for whole, and each language has its own number of entries.
          [[prefix + key, [value].flat().join('; ')]]
        : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  )
}

const textsOf = (language: string, namespace: string) =>
  flat(files[`./translations/${language}/${namespace}.json`] ?? {})
/** English has a singular, Vietnamese has none. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '')
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((found) => found[1]).sort()

describe.each(namespaces)('texts of %s', (namespace) => {
  const vi = textsOf('vi', namespace)
  const en = textsOf('en', namespace)

  it('are there in both languages', () => {
    const keys = (texts: Record<string, string>) => [...new Set(Object.keys(texts).map(withoutPlural))].sort()
    expect(keys(en)).toEqual(keys(vi))
  })

  it('are not empty and name the same values', () => {
    for (const [key, text] of Object.entries(vi)) {
      expect(text.trim(), key).not.toBe('')
      const other = en[key]
      if (other !== undefined) expect(placeholders(other), key).toEqual(placeholders(text))
    }
  })
})

describe('texts the pages ask for', () => {
  const known = new Set(
    namespaces.flatMap((namespace) =>
      Object.keys(textsOf('vi', namespace)).map((key) => `${namespace}:${withoutPlural(key)}`),
    ),
  )

  it.each(Object.entries(sources).filter(([, source]) => /useTranslation\('[\w-]+'\)/.test(source)))(
    '%s asks for texts that are there',
    (_file, source) => {
      const spaces = [...source.matchAll(/useTranslation\(\[?((?:'[\w-]+'(?:, )?)+)/g)].flatMap(
        (found) => found[1]?.match(/[\w-]+/g) ?? [],
      )
      const asked = [...source.matchAll(/\bt\('([\w.:-]+)'/g)].map((found) => found[1] ?? '')
      const missing = asked.filter((key) =>
        key.includes(':') ? !known.has(key) : !spaces.some((space) => known.has(`${space}:${key}`)),
      )
      expect(missing).toEqual([])
    },
  )

  it('names every way of the frame', () => {
    for (const { name } of navigation) expect(known).toContain(`frame:navigation.${name}`)
  })
})

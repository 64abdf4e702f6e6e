import { createCookie, type AppLoadContext } from '@remix-run/node'
import { createInstance, type i18n, type Resource } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { RemixI18Next } from 'remix-i18next/server'
import { defaultLanguage, languages, type Language } from './language.ts'
import { readSignedIn } from './viewer.server.ts'

/** For whoever is not signed in; everybody else's language is theirs in the database. */
export const languageCookie = createCookie('language', { sameSite: 'lax', path: '/', maxAge: 400 * 24 * 3600 })

const files = import.meta.glob<Record<string, unknown>>('./translations/*/*.json', { eager: true, import: 'default' })

/** Every text by language and namespace (the file's name). */
const translations: Resource = {}
for (const [file, texts] of Object.entries(files)) {
  const [, language = '', namespace = ''] = /translations\/(\w+)\/([\w-]+)\.json$/.exec(file) ?? []
  const ofLanguage = (translations[language] ??= {})
  ofLanguage[namespace] = texts as Resource[string][string]
}

const remixI18next = new RemixI18Next({
  detection: {
    supportedLanguages: [...languages],
    fallbackLanguage: defaultLanguage,
    cookie: languageCookie,
    order: ['cookie'],
  },
})

/** The person's language; the cookie's where nobody is signed in or the database cannot be asked. */
export async function languageOf(request: Request, context: AppLoadContext): Promise<Language> {
  const signedIn = await readSignedIn(request, context).catch(() => null)
  return signedIn?.person.language ?? ((await remixI18next.getLocale(request)) as Language)
}

const instances = new Map<Language, i18n>()

/** The texts of one language, for rendering on the server. */
export async function translatorOf(language: Language): Promise<i18n> {
  const ready = instances.get(language)
  if (ready) return ready
  const made = createInstance()
  await made.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: [...languages],
    defaultNS: 'common',
    ns: Object.keys(translations[language] ?? {}),
    resources: { [language]: translations[language] ?? {} },
    interpolation: { escapeValue: false },
  })
  instances.set(language, made)
  return made
}

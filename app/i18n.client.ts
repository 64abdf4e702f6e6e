import i18next, { type BackendModule, type ResourceKey } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { defaultLanguage, type Language } from './language.ts'
import { translationElementId, type SentTranslations } from './translation-data.tsx'

const files = import.meta.glob<ResourceKey>('./translations/*/*.json', { import: 'default' })

/** Fetches a namespace the first page did not bring. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language, namespace, callback) {
    const load = files[`./translations/${language}/${namespace}.json`]
    if (!load) return callback(new Error(`No texts ${language}/${namespace}`), null)
    load().then(
      (texts) => callback(null, texts),
      (error: Error) => callback(error, null),
    )
  },
}

/** Starts with the texts that came with the page; the language's others follow when the browser is idle. */
export async function startTranslations() {
  const text = document.getElementById(translationElementId)?.textContent
  const sent = text ? (JSON.parse(text) as SentTranslations) : { language: defaultLanguage, resources: {} }
  const language: Language = sent.language
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      defaultNS: 'common',
      ns: Object.keys(sent.resources),
      resources: { [language]: sent.resources },
      partialBundledLanguages: true,
      interpolation: { escapeValue: false },
    })
  const others = Object.keys(files)
    .filter((file) => file.includes(`/${language}/`))
    .map((file) => /([\w-]+)\.json$/.exec(file)?.[1] ?? '')
    .filter((namespace) => !(namespace in sent.resources))
  const whenIdle = window.requestIdleCallback ?? ((work: () => void) => window.setTimeout(work, 2000))
  whenIdle(() => void i18next.loadNamespaces(others))
  return i18next
}

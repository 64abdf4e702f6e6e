import { useMatches } from '@remix-run/react'
import type { ResourceKey } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Language } from './language.ts'

export const translationElementId = 'translations'

export interface SentTranslations {
  language: Language
  resources: Record<string, ResourceKey>
}

/** Namespaces every page needs. */
const always = ['common', 'frame']

/** What a route says of itself: the namespaces of its texts, and the key of its title ("tasks:title"). */
export interface RouteHandle {
  i18n?: string[]
  /** A key, or what makes the title of the loader's data. */
  title?: string | ((data: never, t: (key: string, values?: Record<string, unknown>) => string) => string)
}

function useHandles(): { handle: RouteHandle; data: unknown }[] {
  return useMatches().map((match) => ({ handle: (match.handle ?? {}) as RouteHandle, data: match.data }))
}

/** The texts of this page in the active language, as data (not run) for the browser to begin with. */
export function TranslationData() {
  const { i18n } = useTranslation()
  const namespaces = new Set([...always, ...useHandles().flatMap(({ handle }) => handle.i18n ?? [])])
  const resources: SentTranslations['resources'] = {}
  for (const namespace of namespaces) {
    const texts = i18n.getResourceBundle(i18n.language, namespace) as ResourceKey | undefined
    if (texts) resources[namespace] = texts
  }
  const sent: SentTranslations = { language: i18n.language as Language, resources }
  return (
    <script
      id={translationElementId}
      type="application/json"
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: JSON.stringify(sent).replaceAll('<', '\\u003c') }}
    />
  )
}

/** The deepest route's title with the application's name. */
export function usePageTitle(): string {
  const { t } = useTranslation()
  const handles = useHandles()
  for (const { handle, data } of handles.reverse()) {
    if (handle.title === undefined) continue
    const title =
      typeof handle.title === 'string'
        ? t(handle.title)
        : data === undefined
          ? ''
          : handle.title(data as never, (key, values) => t(key, values ?? {}))
    if (title) return `${title} · iMOIT`
  }
  return 'iMOIT'
}

import { useRouteLoaderData } from '@remix-run/react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '#db/refusal.ts'
import { formatsOf, type Formats } from './format.ts'
import type { Language } from './language.ts'
import { may, type Action } from './permissions.ts'
import type { loader as frameLoader } from './routes/_app.tsx'

/** Who is signed in, as the frame knows them. Only inside the frame. */
export function useFrame() {
  const frame = useRouteLoaderData<typeof frameLoader>('routes/_app')
  if (!frame) throw new Error('Not inside the signed-in frame')
  return frame
}

/** May the post acted in do this? The same table the server asks. */
export function useMay(): (action: Action) => boolean {
  const { post } = useFrame()
  return (action) => may(post, action)
}

export function useLanguage(): Language {
  return useTranslation().i18n.language as Language
}

export function useFormats(): Formats {
  return formatsOf(useLanguage())
}

const minute = 60_000

/** Tells each minute; the server and the first rendering in the browser take the frame's own instant. */
function everyMinute(tell: () => void): () => void {
  const timer = setInterval(tell, minute)
  return () => clearInterval(timer)
}

/** Epoch ms on the ministry's clock, to the minute. */
export function useNow(): number {
  const { now, load } = useFrame()
  // How long the frame has been here by this browser's own clock, whatever that clock says.
  const minutes = useSyncExternalStore(
    everyMinute,
    () => Math.max(0, Math.floor((Date.now() - arrivalOf(load)) / minute)),
    () => 0,
  )
  return now + minutes * minute
}

const arrivals = new Map<string, number>()

/** This browser's clock when it first saw a load of the frame. */
function arrivalOf(load: string): number {
  const known = arrivals.get(load)
  if (known !== undefined) return known
  const arrival = Date.now()
  arrivals.set(load, arrival)
  return arrival
}

/** A sentence in the reader's language. */
export function useSentence(): (sentence: Sentence) => string {
  const language = useLanguage()
  return (sentence) => sentence[language]
}

/** Picks `name` or `nameEn` and the like. */
export function usePick(): (vi: string, en: string) => string {
  const language = useLanguage()
  return (vi, en) => (language === 'vi' ? vi : en)
}

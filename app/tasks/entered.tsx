import type { SubmissionResult } from '@conform-to/react'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import type { RefusalData } from '../refusal.ts'
import { useSentence } from '../viewer.ts'

/** What came back with a form that was not carried out: what was entered, and what is wrong with it. */
export interface SentBack {
  entered?: SubmissionResult
  refusal?: RefusalData
}

/** What the browser has found since: a message for each field that was looked at, null where it is right now. */
export type FoundErrors = Readonly<Record<string, string | null>>

const Context = createContext<SentBack & { found?: FoundErrors }>({})
export const EnteredProvider = Context.Provider

/** Values and errors of the form's fields, as they came back; `initial` where nothing was sent yet. */
export function useEntered() {
  const { entered, refusal, found = {} } = useContext(Context)
  const { t } = useTranslation('tasks')
  const say = useSentence()
  const values = entered?.initialValue as Record<string, unknown> | undefined
  const outcome = typeof values?.outcome === 'string' ? values.outcome : null
  /** A message of the schema itself names no key of ours. */
  const words = (message: string) =>
    message.startsWith('tasks:') ? t(message.slice('tasks:'.length)) : t('error.invalid')
  return {
    /** A form came back. */
    sentBack: values !== undefined,
    outcome,
    value(name: string, initial: string | number | null = ''): string {
      if (!values) return initial === null ? '' : String(initial)
      const value = values[name]
      return typeof value === 'string' ? value : ''
    },
    values(name: string, initial: readonly string[] = []): readonly string[] {
      if (!values) return initial
      const value = values[name]
      if (Array.isArray(value)) return value.filter((each) => typeof each === 'string')
      return typeof value === 'string' ? [value] : []
    },
    /** @param sentAs the outcome whose part of the form the field stands in, where not every part has it */
    error(name: string, sentAs?: string): string | undefined {
      const seen = found[name]
      if (seen !== undefined) return seen === null ? undefined : words(seen)
      if (sentAs !== undefined && sentAs !== outcome) return undefined
      const fromStep = refusal?.fields[name]
      if (fromStep) return say(fromStep)
      const message = entered?.error?.[name]?.[0]
      return message === undefined ? undefined : words(message)
    },
  }
}

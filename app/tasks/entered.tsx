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

const Context = createContext<SentBack>({})
export const EnteredProvider = Context.Provider

/** Values and errors of the form's fields, as they came back; `initial` where nothing was sent yet. */
export function useEntered() {
  const { entered, refusal } = useContext(Context)
  const { t } = useTranslation('tasks')
  const say = useSentence()
  const values = entered?.initialValue as Record<string, unknown> | undefined
  return {
    /** A form came back. */
    sentBack: values !== undefined,
    outcome: typeof values?.outcome === 'string' ? values.outcome : null,
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
    error(name: string): string | undefined {
      const fromStep = refusal?.fields[name]
      if (fromStep) return say(fromStep)
      const message = entered?.error?.[name]?.[0]
      if (message === undefined) return undefined
      // A message of the schema itself names no key of ours.
      return message.startsWith('tasks:') ? t(message.slice('tasks:'.length)) : t('error.invalid')
    },
  }
}

import { data, type AppLoadContext } from '@remix-run/node'
import type { SubmissionResult } from '@conform-to/react'
import type { SentBack } from './entered.tsx'

/** A form whose fields are not right goes back as it was filled, and the log names the fields, never what was in them. */
export function formSentBack(entered: SubmissionResult, { log }: Pick<AppLoadContext, 'log'>) {
  log.warn({ code: 'form-invalid', status: 422, fields: Object.keys(entered.error ?? {}) }, 'refused')
  return data({ entered } satisfies SentBack, { status: 422 })
}

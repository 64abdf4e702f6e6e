import { data, type AppLoadContext } from '@remix-run/node'
import type { SubmissionResult } from '@conform-to/react'
import { refused } from '../guard.server.ts'
import type { SentBack } from './entered.tsx'

/** A form whose fields are not right goes back as it was filled, and the log names the fields, never what was in them. */
export function formSentBack(entered: SubmissionResult, { log }: Pick<AppLoadContext, 'log'>) {
  log.warn({ code: 'form-invalid', status: 422, fields: Object.keys(entered.error ?? {}) }, 'refused')
  return data({ entered } satisfies SentBack, { status: 422 })
}

/** A form that was right but refused goes back as it was filled, with what the person is told (`refused`). */
export function refusalSentBack(error: unknown, entered: SubmissionResult, context: AppLoadContext) {
  const { data: answer, init } = refused(error, context)
  return data({ ...answer, entered } satisfies SentBack, init ?? undefined)
}

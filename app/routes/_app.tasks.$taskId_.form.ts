import { data, redirect } from '@remix-run/node'
import { z } from 'zod'
import type { Variables } from '#bpmn/case.ts'
import { answerForm } from '#bpmn/form/answer.ts'
import { labelsOf } from '#bpmn/form/schema.ts'
import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import { ownFormOf } from '#db/own-forms.ts'
import { notFound } from '#db/refusal.ts'
import { readTaskPage } from '#db/task-page.ts'
import { completeTask } from '#db/tasks.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'

/** The form that a task has of its own, with what of the case it reads, for whoever may fill it in. */
export const loader = guardedLoader('task:read', async ({ db, viewer, params }) => {
  const page = await readTaskPage(db, viewer, params.taskId)
  const form = page.mayAct ? await ownFormOf(db, page) : null
  if (!form) throw notFound()
  // A form that does not name a variable has no need of it.
  const values = Object.fromEntries(Object.entries(page.variables).filter(([name]) => form.text.includes(name)))
  return { schema: form.schema, values }
})

const schema = z.object({ key: z.uuid(), data: z.record(z.string(), z.unknown()) })

/** The step that the filled form becomes: its answers are variables, `outcome` its outcome, `opinion` the words of the history. */
export const action = guardedAction('task:complete', async ({ request, db, viewer, params }) => {
  const page = await readTaskPage(db, viewer, params.taskId)
  const form = await ownFormOf(db, page)
  if (!form) throw notFound()
  const sent = await readJson(request, schema)
  const [{ now }, calendar] = await Promise.all([readClock(db), workingCalendar(db)])
  const answer = answerForm(form.schema, sent.data, page.variables, { now, calendar })
  if (!answer.ok) {
    const labels = labelsOf(form.schema)
    const errors = Object.entries(answer.errors).map(([key, error]) => ({ label: labels.get(key) ?? key, error }))
    return data({ errors }, { status: 422 })
  }
  const { outcome, ...rest } = answer.variables
  const said = (value: Variables[string] | undefined) =>
    typeof value === 'string' && value.trim() !== '' ? value : null
  await completeTask(db, viewer, {
    taskId: page.taskId,
    key: `task:${page.taskId}:${sent.key}`,
    outcome: said(outcome) ?? 'done',
    variables: rest,
    opinion: said(rest.opinion),
  })
  return redirect(`/?done=${page.taskId}`)
})

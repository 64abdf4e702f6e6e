import { embeddedFormId, readFormSchema, type FormSchema } from '#bpmn/form/schema.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'

/**
 * The form that a task has of its own, as its flow carries it; null where the task's form is one of the office's. A task of a
 * called flow, or one that was moved to a version without the form, has it from the newest version that does.
 */
export async function ownFormOf(
  db: Database,
  task: { formKey: string | null; flowVersionId: string },
): Promise<{ schema: FormSchema; text: string } | null> {
  const formId = embeddedFormId(task.formKey)
  if (formId === null) return null
  const text = (await flowOfVersion(db, task.flowVersionId)).forms?.[formId] ?? (await newestForm(db, formId))
  if (text === null) return null
  const read = readFormSchema(text)
  return read.ok ? { schema: read.schema, text } : null
}

async function newestForm(db: Database, formId: string): Promise<string | null> {
  const [row] = await db.sql<{ text: string }[]>`
    select ir->'forms'->>${formId} as text from flow_versions where ir->'forms' ? ${formId} order by published_at desc limit 1`
  return row?.text ?? null
}

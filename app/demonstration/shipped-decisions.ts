import { readdir, readFile } from 'node:fs/promises'
import type { Database } from '#db/database.ts'
import { publishDecisions } from '#db/decisions.ts'

const folder = new URL('../../bpmn/decisions/', import.meta.url)

/** Publishes the decision tables that come with the project; one that is published already stays as it is. */
export async function publishShippedDecisions(db: Database): Promise<void> {
  const published = await db.sql<{ modelId: string }[]>`select distinct model_id as "modelId" from decision_models`
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.dmn')).sort()) {
    const modelId = name.replace(/\.dmn$/, '')
    if (published.some((one) => one.modelId === modelId)) continue
    await publishDecisions(db, { xml: await readFile(new URL(name, folder), 'utf8') })
  }
}

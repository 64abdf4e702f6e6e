import type { Database } from './database.ts'
import { insertScanned } from './incoming.ts'
import { insertInternal } from './internal.ts'
import { startCase } from './step.ts'
import type { Viewer } from './visibility.ts'

export interface StoredContent {
  name: string
  /** hex */
  sha256: string
  size: number
  mediaType: string
}

/**
 * A scanned paper enters the registry's queue, as a document from the exchange does. `key` is the form's own id: sent twice,
 * there is one document, and both get its task. @returns the open task to register it, null once that is done
 */
export async function receivePaper(
  db: Database,
  viewer: Viewer,
  paper: { key: string; subject: string; scan: StoredContent },
): Promise<{ documentId: string; registerTaskId: string | null }> {
  const started = await startCase(db, {
    flowId: 'incoming-document',
    documentId: null,
    variables: { source: 'paper', urgency: 0, subject: paper.subject, code: null, agency: '' },
    key: `paper:${viewer.postId}:${paper.key}`,
    actor: { personId: viewer.personId, postId: viewer.postId },
    act: async (scope) => {
      const documentId = await insertScanned(scope, { ...paper.scan, subject: paper.subject, postId: viewer.postId })
      await scope.sql`update documents set case_id = ${scope.caseId} where id = ${documentId}`
      return { documentId }
    },
  })
  const [task] = await db.sql<{ id: string }[]>`
    select id from tasks where case_id = ${started.caseId} and form_key = 'incoming.register' and state = 'open'`
  if (!started.documentId) throw new Error('receiving paper made no document')
  return { documentId: started.documentId, registerTaskId: task?.id ?? null }
}

export interface NewNotice {
  /** The form's own id. */
  key: string
  subject: string
  kindCode: string
  signerName: string | null
  signerPosition: string | null
  /** "Nơi nhận" as it is written. */
  recipients: string
  /** Codes of the units that get it here. */
  recipientUnits: string[]
  file: StoredContent
}

/** An internal document goes to the registry, which numbers and issues it to the units. */
export async function startNotice(db: Database, viewer: Viewer, notice: NewNotice): Promise<{ documentId: string }> {
  const { key, file, recipientUnits, ...facts } = notice
  const started = await startCase(db, {
    flowId: 'internal-notice',
    documentId: null,
    variables: { subject: facts.subject, recipientUnits, authorPost: `post:${viewer.postId}` },
    key: `notice:${viewer.postId}:${key}`,
    actor: { personId: viewer.personId, postId: viewer.postId },
    act: async (scope) => {
      const documentId = await insertInternal(scope, { ...facts, unitId: viewer.unitId, postId: viewer.postId, file })
      await scope.sql`update documents set case_id = ${scope.caseId} where id = ${documentId}`
      return { documentId }
    },
  })
  if (!started.documentId) throw new Error('a new notice made no document')
  return { documentId: started.documentId }
}

/** Kinds that a notice can be of, and units that can get it, in the ministry's order. */
export async function noticeChoices(db: Database): Promise<{
  kinds: { code: string; name: string; nameEn: string }[]
  units: { code: string; name: string; nameEn: string }[]
}> {
  const [kinds, units] = await Promise.all([
    db.sql<{ code: string; name: string; nameEn: string }[]>`
      select code, name, name_en as "nameEn" from document_kinds where not is_copy order by ordinal`,
    db.sql<{ code: string; name: string; nameEn: string }[]>`
      select code, name, name_en as "nameEn" from units
      where valid_from <= current_date and (valid_to is null or valid_to >= current_date) order by sort`,
  ])
  return { kinds, units }
}

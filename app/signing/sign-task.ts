import type { Json } from '#bpmn/case.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { embedCopy } from '#db/embed-signature.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { reserveNumber } from '#db/outgoing.ts'
import { viewerOfPost } from '#db/posts.ts'
import { notFound, Refusal } from '#db/refusal.ts'
import { beginSignature } from '#db/begin-signature.ts'
import {
  failSignature,
  liveAppendices,
  liveSignature,
  readSignature,
  signOffLevel,
  type ChosenPlace,
  type SignatureAct,
  type TaskRole,
} from '#db/signatures.ts'
import { listOfThese } from '#db/signing-lists.ts'
import type { Viewer } from '#db/visibility.ts'
import { completeForm, taskForms, type FilledForm } from '../forms/complete-form.ts'
import { may } from '../permissions.ts'
import { inWords, type SigningGround } from './ground.ts'
import { keyPlaceOf, openKey } from './keys.ts'
import { certificateOf, competenceOf, signerFor } from './signer.ts'
import { carryOn, faultOf, prepareAct, preparingOf, signAct } from './stages.ts'

/** How a person signs: with the newest certificate of theirs where none is named, above their name where no place is. */
export interface Manner {
  fingerprint: string | null
  place: ChosenPlace | null
}

export const usualManner: Manner = { fingerprint: null, place: null }

/**
 * Whether a filled form is completed by a signature, and whose: what the flow asks of the step (`imoit.signOff`), for the outcome
 * that signs; or the initial that somebody asks for beside it. Null where what is entered is enough.
 */
export function signatureAsked(
  task: { formKey: string | null; properties: Record<string, string> },
  value: unknown,
  { initial = false } = {},
): TaskRole | null {
  const form = task.formKey === null ? undefined : taskForms.get(task.formKey)
  const { outcome, sha256 } = value as { outcome?: unknown; sha256?: unknown }
  if (initial && form?.initials !== undefined && form.initials === outcome && typeof sha256 === 'string')
    return 'initial'
  const signs = form?.signs
  if (!signs || signOffLevel(task.properties) !== signs.level) return null
  return outcome === signs.outcome ? signs.role : null
}

/**
 * Begins a signature on the version that the form was shown with: who may sign, in whose place, with which certificate; before a
 * seal the number is taken. Throws Refusal where somebody may not, has no certificate, or was shown another version.
 */
export async function beginAct(
  { db }: SigningGround,
  viewer: Viewer,
  filled: FilledForm,
  { role, fingerprint, place = null, list }: Beginning,
): Promise<SignatureAct> {
  const { task } = filled
  const form = task.formKey === null ? undefined : taskForms.get(task.formKey)
  if (!form) throw notFound()
  if (!may(viewer, form.action)) throw notPermitted()
  const value = filled.value as { sha256?: string; kindCode?: string }
  const [{ now }, kindCode] = await Promise.all([
    readClock(db),
    value.kindCode ?? (task.documentId === null ? null : kindToSign(db, task.documentId)),
  ])
  // A form that names no version is about the newest; every page that signs names the one it shows.
  const shown = value.sha256 ?? (await newestSha256(db, task.documentId))
  const signer = await signerFor(db, viewer, role, { kindCode }, now)
  const certificate = await certificateOf(db, signer, fingerprint)
  if (role === 'organisation' && kindCode !== null)
    await reserveNumber(db, viewer, { taskId: task.taskId, kindCode, sha256: shown })
  return beginSignature(db, viewer, {
    taskId: task.taskId,
    sha256: shown,
    role,
    certificateId: certificate.id,
    competence: competenceOf(signer.delegation),
    delegationId: signer.delegation?.id ?? null,
    place,
    completion: { key: filled.key, value: filled.value as Json },
    ...(list ? { listId: list.id, position: list.position } : {}),
  })
}

export interface Beginning {
  role: TaskRole
  /** Of the certificate; the newest where none is named. */
  fingerprint: string | null
  /** Above the signer's name where it was not moved. */
  place?: ChosenPlace | null
  list?: { id: string; position: number }
}

/** Nothing of it was signed yet: the key has to be asked. */
export const needsKey = (act: Pick<SignatureAct, 'state'>): boolean =>
  act.state === 'waiting' || act.state === 'prepared'

/** Of co-signers of one document at the same moment. */
const MOST_TRIES = 4

/**
 * A task that is completed by a signature, in one go: prepare, sign with the PIN, embed in the step. Each stage is kept; after a kill
 * the same form goes on where it was, and what the key has signed already asks for no PIN. Throws Refusal with a sentence.
 * @returns the list of one, where the key is on the signer's own machine: its page asks the signing program
 */
export async function signTask(
  ground: SigningGround,
  viewer: Viewer,
  filled: FilledForm,
  { role, pin, manner }: { role: TaskRole; pin: string; manner: Manner },
): Promise<{ listId: string | null }> {
  for (let tries = 1; ; tries += 1) {
    try {
      const act = await beginAct(ground, viewer, filled, { role, ...manner })
      const acts = [...(await liveAppendices(ground.db, filled.task.taskId)), act]
      if (!(await signTogether(ground, acts, pin))) return { listId: await listOfThese(ground.db, viewer, acts) }
      for (const { id } of acts) await carryOn(ground, id)
      await finishAct(ground, act.id)
      return { listId: null }
    } catch (error) {
      const told = inWords(error)
      // A co-signer was quicker. What was shown is still the same: the signature goes on top of theirs, or is refused at the beginning.
      if (!(told instanceof Refusal) || told.code !== 'draft-changed' || tries === MOST_TRIES) throw told
    }
  }
}

/**
 * Signs what of these is not signed, with one certificate and one PIN; everything is prepared before anything is signed, so that a file
 * that cannot be signed leaves nothing behind. @returns false where the key is on the signer's own machine
 */
export async function signTogether(
  ground: SigningGround,
  acts: readonly SignatureAct[],
  pin: string,
): Promise<boolean> {
  const unsigned = await Promise.all(
    acts.filter(needsKey).map(async (act) => ({ act, how: await preparingOf(ground, act) })),
  )
  const [first] = unsigned
  if (!first) return true
  if (keyPlaceOf(first.how.certificate) === 'agent') return false
  if (pin === '') throw pinMissing()
  // The PIN first: a wrong one leaves nothing behind.
  const opened = await openKey(ground, first.how.certificate, pin)
  try {
    const ready = []
    for (const { act, how } of unsigned) ready.push({ act, prepared: await prepareAct(ground, act, how) })
    for (const { act, prepared } of ready) await signAct(ground, act, prepared, opened.key)
  } finally {
    opened.close()
  }
  return true
}

/**
 * Last stage, once however often it is asked: the step of the task, with the form as it was filled when the signature was begun; a seal
 * waits for those on its appendices, whichever comes last does the step. A copy joins its document.
 */
export async function finishAct(ground: SigningGround, id: string): Promise<void> {
  const { db } = ground
  const act = await readSignature(db, id)
  if (act?.state !== 'ready') return
  try {
    if (act.role === 'copy' || act.role === 'received') await embedCopy(db, { ...act, role: act.role })
    else if (act.taskId !== null && act.role === 'appendix') {
      const seal = await liveSignature(db, act.taskId)
      if (seal) await finishAct(ground, seal.id)
    } else if (act.taskId !== null && (await liveAppendices(db, act.taskId)).every(({ state }) => state === 'ready'))
      await completeSigned(ground, act)
  } catch (error) {
    if (error instanceof Refusal && act.role !== 'appendix') await failSignature(db, act.id, faultOf(error))
    throw error
  }
}

async function completeSigned({ db }: SigningGround, act: SignatureAct): Promise<void> {
  const [viewer, [person]] = await Promise.all([
    viewerOfPost(db, act.postId),
    db.sql<{ name: string; title: string }[]>`
      select n.full_name as name, p.title from posts p join persons n on n.id = p.person_id where p.id = ${act.postId}`,
  ])
  if (!viewer || !person) throw notPermitted()
  const { key, value } = act.completion as { key: string; value: unknown }
  await completeForm(db, viewer, person, {
    task: {
      taskId: act.taskId ?? '',
      caseId: act.caseId ?? '',
      documentId: null,
      elementId: act.elementId ?? '',
      formKey: act.formKey,
    },
    key,
    value,
    signature: { id: act.id, competence: act.competence?.split(' ')[0] ?? null },
  })
}

async function newestSha256(db: Database, documentId: string | null): Promise<string> {
  const [newest] = documentId === null ? [] : await draftVersions(db, documentId)
  return newest?.sha256 ?? ''
}

/** The kind of what is drafted for a document, or of the document that is drafted itself. */
export async function kindToSign(db: Database, documentId: string): Promise<string | null> {
  const [row] = await db.sql<{ kindCode: string | null }[]>`
    select d.kind_code as "kindCode" from document_files f join documents d on d.id = f.document_id
    where f.role = 'draft' and f.document_id in (select ${documentId}::uuid
      union all select r.document_id from document_relations r where r.related_id = ${documentId} and r.kind = 'answers')
    order by f.version desc limit 1`
  return row?.kindCode ?? null
}

export const pinMissing = () =>
  new Refusal(
    'pin-missing',
    422,
    {
      vi: 'Bước này cần chữ ký số nhưng chưa nhập mã PIN nên chưa ký gì. Hãy nhập mã PIN rồi bấm ký lại.',
      en: 'This step needs a digital signature and no PIN was entered, so nothing was signed. Enter your PIN and sign again.',
    },
    { pin: { vi: 'Nhập mã PIN.', en: 'Enter your PIN.' } },
  )

const notPermitted = () =>
  new Refusal('not-permitted', 403, {
    vi: 'Vị trí công tác đang chọn không có quyền ký ở bước này; chưa ký gì.',
    en: 'The post you act in may not sign at this step; nothing was signed.',
  })

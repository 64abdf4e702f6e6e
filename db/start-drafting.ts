import type { Variables } from '#bpmn/case.ts'
import type { Database } from './database.ts'
import { insertDrafted, type DraftedDocument } from './drafted-documents.ts'
import type { StoredContent } from './start-document.ts'
import { startCase } from './step.ts'
import type { Viewer } from './visibility.ts'

/** Instants of asking units for their opinions; null where none is asked. */
export interface OpinionWindow {
  /** ISO: late units are chased from here on. */
  opinionDeadline: string | null
  /** ISO: whoever has said nothing by then counts as agreeing. */
  opinionsCloseAt: string | null
}

export interface NewOutgoing extends OpinionWindow {
  /** The form's own id. */
  key: string
  subject: string
  kindCode: string
  recipients: string
  /** Codes of agencies on the exchange, and of units here, that are to get it. */
  recipientAgencies: string[]
  recipientUnits: string[]
  urgency: number
  /** The post of the leader who is to sign. */
  leaderPost: string
  opinionUnits: string[]
  /** The Legal Department looks at it too. */
  legalCheck: boolean
  note: string | null
  /** Its first versions: as it was written, and as PDF. */
  drafts: StoredContent[]
  /** In files of their own. */
  appendices: StoredContent[]
}

/** Văn bản đi: a draft goes to the units asked, then to the head of the drafting unit. */
export function startOutgoing(db: Database, viewer: Viewer, outgoing: NewOutgoing): Promise<StartedDrafting> {
  const { key, drafts, appendices, recipientAgencies, recipientUnits, leaderPost, opinionUnits, legalCheck, ...facts } =
    outgoing
  return startDrafting(db, viewer, {
    flowId: 'outgoing-document',
    key: `outgoing:${viewer.postId}:${key}`,
    document: { ...facts, note: null, direction: 'outgoing', drafts, attachments: appendices },
    variables: {
      subject: facts.subject,
      urgency: facts.urgency,
      recipientAgencies,
      recipientUnits,
      leaderPost: `post:${leaderPost}`,
      opinionUnits,
      opinionDeadline: facts.opinionDeadline,
      opinionsCloseAt: facts.opinionsCloseAt,
      legalCheck,
    },
    note: facts.note,
  })
}

export interface NewSlip {
  key: string
  /** "Về việc" */
  subject: string
  /** What is proposed to the leader. */
  proposal: string
  leaderPost: string
  /** The Office gives its opinion before the leader. */
  viaOffice: boolean
  /** What is submitted with it, for signature or for decision. */
  drafts: StoredContent[]
  attachments: StoredContent[]
}

/** Phiếu trình: goes to the head of the unit, to the Office where wanted, to the leader. */
export function startSlip(db: Database, viewer: Viewer, slip: NewSlip): Promise<StartedDrafting> {
  const { key, subject, proposal, leaderPost, viaOffice, drafts, attachments } = slip
  return startDrafting(db, viewer, {
    flowId: 'submission-slip',
    key: `slip:${viewer.postId}:${key}`,
    document: internalPaper({ subject, note: proposal, drafts, attachments }),
    variables: { subject, leaderPost: `post:${leaderPost}`, viaOffice },
    note: proposal,
  })
}

export interface NewOpinionRequest extends OpinionWindow {
  key: string
  subject: string
  /** What is asked. */
  question: string
  opinionUnits: string[]
  /** What it is asked about. */
  drafts: StoredContent[]
  attachments: StoredContent[]
}

/** Xin ý kiến các đơn vị: asks them side by side, until all have answered or the request is closed. */
export function startOpinionRequest(
  db: Database,
  viewer: Viewer,
  request: NewOpinionRequest,
): Promise<StartedDrafting> {
  const { key, subject, question, opinionUnits, opinionDeadline, drafts, attachments } = request
  return startDrafting(db, viewer, {
    flowId: 'opinion-request',
    key: `opinion-request:${viewer.postId}:${key}`,
    document: internalPaper({ subject, note: question, drafts, attachments }),
    variables: { subject, opinionUnits, opinionDeadline },
    note: question,
  })
}

/** What goes between units and leaders: of no kind, to nobody outside, and urgent to nobody. */
const internalPaper = (paper: Pick<DraftedDocument, 'subject' | 'note' | 'drafts' | 'attachments'>) =>
  ({ ...paper, direction: 'internal', kindCode: null, recipients: null, urgency: 0 }) as const

export interface StartedDrafting {
  documentId: string
  caseId: string
}

/** Begins the case of a document that is drafted here; its author and the author's unit are variables of every such flow. */
async function startDrafting(
  db: Database,
  viewer: Viewer,
  drafting: {
    flowId: string
    key: string
    document: Omit<DraftedDocument, 'unitId' | 'postId'>
    variables: Variables
    /** What the history shows beside the beginning. */
    note: string | null
  },
): Promise<StartedDrafting> {
  const started = await startCase(db, {
    flowId: drafting.flowId,
    documentId: null,
    variables: { ...drafting.variables, authorPost: `post:${viewer.postId}`, unitCode: viewer.unitCode },
    key: drafting.key,
    actor: { personId: viewer.personId, postId: viewer.postId },
    ...(drafting.note ? { record: { opinion: drafting.note } } : {}),
    act: async (scope) => {
      const { unitId, postId } = viewer
      const documentId = await insertDrafted(scope, { ...drafting.document, unitId, postId })
      await scope.sql`update documents set case_id = ${scope.caseId} where id = ${documentId}`
      return { documentId }
    },
  })
  if (!started.documentId) throw new Error('a new draft made no document')
  return { documentId: started.documentId, caseId: started.caseId }
}

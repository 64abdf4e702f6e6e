import { receiveArrival, type Arrival } from '#db/arrivals.ts'
import { insertScanned } from '#db/incoming.ts'
import { startCase } from '#db/step.ts'
import type { IncomingLetter } from './letters.ts'
import type { Office, StoredPaper } from './office.ts'

/** Turns an arrival into the message that would have brought it over the exchange. */
export type MessageWriter = (arrival: Arrival, sentAt: number) => Promise<Uint8Array>

export interface StoryTeller {
  office: Office
  /** An instant that many working hours ago. */
  ago: (hours: number) => number
  messageOf: MessageWriter
}

/** "V/v …" for an official letter (NĐ 30/2020, ô 5b), else the title. */
export const subjectOf = (letter: IncomingLetter) =>
  letter.kindCode === 'CV'
    ? `V/v ${letter.subject}`
    : letter.subject.charAt(0).toLocaleUpperCase('vi') + letter.subject.slice(1)

/** A letter comes to the ministry: over the exchange, or on paper that the registry scans. */
export async function arrive(
  { office, messageOf }: StoryTeller,
  letter: IncomingLetter,
  paper: StoredPaper,
  issuedOn: string,
  at: number,
): Promise<{ caseId: string; documentId: string }> {
  const arrived = letter.agencyCode === null ? await scan(office, letter, paper) : await receive(letter.agencyCode)
  if (!arrived.caseId || !arrived.documentId) throw new Error(`the letter ${letter.key} made no case`)
  return { caseId: arrived.caseId, documentId: arrived.documentId }

  async function receive(organId: string) {
    const arrival: Arrival = {
      from: { organId, name: letter.agencyName },
      exchangeDocumentId: `${organId},${issuedOn.replaceAll('-', '/')},${letter.number}/${letter.notation}`,
      number: letter.number,
      notation: letter.notation,
      kindName: { TB: 'Thông báo', BC: 'Báo cáo', GM: 'Giấy mời' }[letter.kindCode] ?? 'Công văn',
      subject: subjectOf(letter),
      issuedOn,
      signer: { name: letter.signerName, position: letter.signerPosition, competence: letter.signerCompetence },
      dueOn: null,
      priority: letter.urgency,
      pageCount: 1,
      copies: null,
      recipients: ['Bộ Công Thương'],
      bussinessDocType: 0,
      files: [{ name: paper.name, mediaType: paper.mediaType, content: paper.content }],
    }
    const transport = { transportId: `demonstration-${letter.key}`, raw: await messageOf(arrival, at) }
    return receiveArrival(office.db, office.files, arrival, transport)
  }
}

/** A letter on paper, scanned in by the registry. */
async function scan(office: Office, letter: IncomingLetter, paper: StoredPaper) {
  const { viewer } = office.who('vanthu')
  const subject = subjectOf(letter)
  return startCase(office.db, {
    flowId: 'incoming-document',
    documentId: null,
    variables: { source: 'paper', urgency: 0, subject, code: null, agency: '' },
    key: `demonstration:${letter.key}:arrive`,
    actor: { personId: viewer.personId, postId: viewer.postId },
    async act(scope) {
      const documentId = await insertScanned(scope, { ...paper, subject, postId: viewer.postId })
      await scope.sql`update documents set case_id = ${scope.caseId} where id = ${documentId}`
      return { documentId }
    },
  })
}

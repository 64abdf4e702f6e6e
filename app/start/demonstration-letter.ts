import type { Arrival } from '#db/arrivals.ts'
import { MINISTRY } from '#db/outgoing.ts'
import { wireDocumentType } from '#exchange/document-types.ts'
import { vietnamInstant, type DocumentMessageInput } from '#exchange/edxml/message.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { documentIdOf } from '#exchange/organ-codes.ts'
import { governmentOfficeLetter, officeDay, PUBLIC_SERVICES_SUBJECT } from '../demonstration/public-services.ts'
import { letterPaper } from '../print/letter-paper.ts'

const toMinistry = [{ organId: MINISTRY.code, organName: MINISTRY.name }]

/** The message over the exchange that a document of the demonstration came with. */
export function arrivalMessage(arrival: Arrival, sentAt: number): Promise<Buffer> {
  return writeEdxml({
    kind: 'document',
    from: { organId: arrival.from.organId, organName: arrival.from.name },
    to: toMinistry,
    documentId: arrival.exchangeDocumentId,
    code: { number: arrival.number, notation: arrival.notation },
    promulgation: { place: 'Hà Nội', date: arrival.issuedOn },
    documentType: wireDocumentType(arrival.kindName),
    subject: arrival.subject,
    signer: {
      competence: arrival.signer.competence,
      position: arrival.signer.position,
      fullName: arrival.signer.name,
    },
    otherInfo: { priority: arrival.priority, pageAmount: arrival.pageCount },
    toPlaces: arrival.recipients,
    trace: [{ organId: arrival.from.organId, timestamp: vietnamInstant(sentAt) }],
    attachments: arrival.files.map((file, index) => ({
      contentId: `${arrival.number}-${index + 1}`,
      name: file.name,
      contentType: file.mediaType,
      content: file.content,
    })),
  })
}

/**
 * The Government Office's letter on online public services, as the node sends it: edXML with its PDF.
 * @param now epoch ms: the letter's day
 */
export async function demonstrationLetter(
  now: number,
  number = '1234',
): Promise<{ message: DocumentMessageInput; edxml: Buffer; pdf: Buffer }> {
  const letter = governmentOfficeLetter(now, number)
  const pdf = await letterPaper(letter)
  const organId = '000.00.00.G22'
  const date = officeDay(now)
  const message: DocumentMessageInput = {
    kind: 'document',
    from: {
      organId,
      organName: letter.agency,
      organizationInCharge: 'Chính phủ',
      organAdd: '01 Hoàng Hoa Thám, Ba Đình, Hà Nội',
      email: 'vanthu@vpcp.example',
    },
    to: toMinistry,
    documentId: documentIdOf({ organId, date, number, notation: letter.notation }),
    code: { number, notation: letter.notation },
    promulgation: { place: letter.place, date },
    documentType: wireDocumentType('Công văn'),
    subject: `V/v ${PUBLIC_SERVICES_SUBJECT}`,
    content: '',
    signer: { competence: 'KT.', position: 'Phó Chủ nhiệm', fullName: letter.signer.fullName ?? '' },
    otherInfo: { priority: letter.urgency, pageAmount: 1, promulgationAmount: 5 },
    steeringType: 2,
    toPlaces: letter.recipients,
    trace: [{ organId, timestamp: vietnamInstant(now) }],
    attachments: [
      {
        contentId: `${number}-1`,
        name: `${number}-${letter.notation}.pdf`,
        contentType: 'application/pdf',
        content: pdf,
      },
    ],
  }
  return { message, edxml: await writeEdxml(message), pdf }
}

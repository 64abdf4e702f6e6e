import { createHash } from 'node:crypto'
import type { Variables } from '#bpmn/case.ts'
import type { ClaimedCall } from '#db/case-work.ts'
import {
  agencyNames,
  answeredDocuments,
  endDispatch,
  exchangedDocument,
  openDispatch,
  type Dispatch,
  type ExchangedDocument,
} from '#db/exchange-messages.ts'
import { wireDocumentType } from '#exchange/document-types.ts'
import { vietnamInstant, type DocumentMessageInput, type StatusMessageInput } from '#exchange/edxml/message.ts'
import { EdxmlRefusal } from '#exchange/edxml/refusal.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { ExchangeRefused, ExchangeUnavailable } from '#exchange/gateway-errors.ts'
import { documentIdOf } from '#exchange/organ-codes.ts'
import { statusCodes, statusOf, type StatusCode } from '#exchange/statuses.ts'
import { CallRefused, readStored, type Outside } from './outside.ts'

/** What a case waits for under this name when the exchange says no for good. */
const REFUSED = 'exchange-refused'

/** Makes a call to the document exchange. Throws CallRefused for good, ExchangeUnavailable (or another error) for now. */
export async function performExchangeCall(outside: Outside, call: ClaimedCall): Promise<Variables> {
  const { documentId } = call.input
  const document = typeof documentId === 'string' ? await exchangedDocument(outside.db, documentId) : null
  if (!document) throw new CallRefused(REFUSED, `the call names no document: ${JSON.stringify(documentId)}`)
  if (call.serviceType === 'exchange.reportStatus') return reportStatus(outside, call, document)
  if (call.serviceType === 'exchange.send') return sendDocument(outside, call, document)
  throw new CallRefused('service-unknown', `no service ${call.serviceType} on the exchange`)
}

/** Tells the agency that sent a document how far it is: its own message, once for each (document, status). */
async function reportStatus(outside: Outside, call: ClaimedCall, document: ExchangedDocument): Promise<Variables> {
  const statusCode = statusCodes.find((code) => code === call.input.status)
  const { exchangeDocumentId, agencyCode } = document
  if (!statusCode || !exchangeDocumentId || !agencyCode) {
    throw new CallRefused(
      REFUSED,
      `status ${JSON.stringify(call.input.status)} of a document that did not come by exchange`,
    )
  }
  const message: StatusMessageInput = {
    kind: 'status',
    from: { organId: outside.environment.organ.id, organName: outside.environment.organ.name },
    responseFor: {
      organId: agencyCode,
      code: document.code ?? '',
      documentId: exchangeDocumentId,
      promulgationDate: document.issuedOn,
    },
    statusCode,
    description: describe(statusCode, call.input.description),
    timestamp: vietnamInstant(call.createdAt),
  }
  await dispatch(outside, message, [
    {
      messageType: 'status',
      peer: agencyCode,
      exchangeDocumentId,
      statusCode,
      description: message.description ?? null,
      documentId: document.documentId,
    },
  ])
  return {}
}

const describe = (code: StatusCode, description: unknown) =>
  (typeof description === 'string' && description !== '' ? description : (statusOf(code)?.vi ?? '')).slice(0, 500)

/** Sends an issued document to agencies, each on its own, so that one that is unknown does not hold up the others. */
async function sendDocument(outside: Outside, call: ClaimedCall, document: ExchangedDocument): Promise<Variables> {
  const codes = Array.isArray(call.input.recipientAgencies) ? call.input.recipientAgencies : []
  const to = codes.filter((code): code is string => typeof code === 'string')
  if (to.length === 0) return {}
  if (!document.number || !document.notation || !document.issuedOn || document.files.length === 0) {
    throw new CallRefused(REFUSED, 'the document has no number, day or file yet: it has not been issued')
  }
  const message = await documentMessage(outside, call, document, await agencyNames(outside.db, to))
  await dispatch(
    outside,
    message,
    message.to.map(({ organId }) => ({
      messageType: 'edoc',
      peer: organId,
      exchangeDocumentId: message.documentId,
      statusCode: '',
      description: null,
      documentId: document.documentId,
    })),
  )
  return {}
}

async function documentMessage(
  { db, files, environment }: Outside,
  call: ClaimedCall,
  document: ExchangedDocument,
  to: { code: string; name: string }[],
): Promise<DocumentMessageInput> {
  const { organ } = environment
  const [number, notation, date] = [document.number ?? '', document.notation ?? '', document.issuedOn ?? '']
  const answered = (await answeredDocuments(db, document.documentId)).filter(
    ({ exchangeDocumentId }) => exchangeDocumentId,
  )
  const attachments = await Promise.all(
    document.files.map(async ({ name, mediaType, sha256 }, index) => ({
      contentId: `${sha256.slice(0, 32)}-${index + 1}`,
      name,
      contentType: mediaType,
      content: await readStored(files, sha256),
    })),
  )
  return {
    kind: 'document',
    from: { organId: organ.id, organName: organ.name },
    to: to.map(({ code, name }) => ({ organId: code, organName: name })),
    documentId: document.exchangeDocumentId ?? documentIdOf({ organId: organ.id, date, number, notation }),
    code: { number, notation },
    promulgation: { place: 'Hà Nội', date },
    documentType: wireDocumentType(document.kindName ?? 'Công văn'),
    subject: document.subject.slice(0, 500),
    signer: {
      competence: document.signerCompetence ?? '',
      position: (document.signerPosition ?? '').slice(0, 100),
      fullName: (document.signerName ?? '').slice(0, 50),
    },
    otherInfo: { priority: document.urgency, pageAmount: document.pageCount, promulgationAmount: document.copies },
    responseFor: answered.map((letter) => ({
      organId: letter.agencyCode ?? '',
      code: letter.code ?? '',
      documentId: letter.exchangeDocumentId ?? '',
      promulgationDate: letter.issuedOn,
    })),
    toPlaces: (document.recipients ?? '')
      .split(/[;\n]/)
      .map((place) => place.trim())
      .filter((place) => place !== ''),
    trace: [{ organId: organ.id, timestamp: vietnamInstant(call.createdAt) }],
    attachments,
  }
}

/** Sends one message to each agency that has not had it. The rest is tried before a refusal is passed on. */
async function dispatch(
  { db, files, gateway }: Outside,
  message: DocumentMessageInput | StatusMessageInput,
  dispatches: Dispatch[],
): Promise<void> {
  const edxml = await writeEdxml(message).catch((error: unknown) => {
    if (error instanceof EdxmlRefusal) throw new CallRefused(REFUSED, error.message)
    throw error
  })
  const waiting: Dispatch[] = []
  for (const one of dispatches) if (await openDispatch(db, one)) waiting.push(one)
  if (waiting.length === 0) return
  if (!gateway) throw new ExchangeUnavailable('not configured')

  const refusals: string[] = []
  const sha256 = createHash('sha256').update(edxml).digest('hex')
  await files.put(edxml, edxml.byteLength)
  for (const one of waiting) {
    try {
      const { docId } = await gateway.send(edxml, { messageType: one.messageType, to: one.peer })
      await endDispatch(db, one, { state: 'sent', transportId: docId, sha256, size: edxml.byteLength })
    } catch (error) {
      if (error instanceof ExchangeUnavailable) {
        await endDispatch(db, one, { state: 'waiting', error: error.en })
        throw error
      }
      if (!(error instanceof ExchangeRefused)) throw error
      await endDispatch(db, one, { state: 'refused', error: error.en })
      refusals.push(`${one.peer}: ${error.message}`)
    }
  }
  if (refusals.length > 0) throw new CallRefused(REFUSED, refusals.join('; '))
}

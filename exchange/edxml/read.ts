/** edXML bytes to typed messages. Elements are found by local name and in any order, since senders differ in both. */
import type { z } from 'zod'
import { attachmentNameFault } from './attachment-name.ts'
import { decodeBase64, unpackAttachment } from './attachments.ts'
import { only, many, numberOf, required, textOf, dateOf, instantOf } from './fields.ts'
import type { EdxmlLimits } from './limits.ts'
import { defaultLimits } from './limits.ts'
import type { Attachment, DocumentMessage, EdxmlMessage, StatusMessage } from './message.ts'
import { documentMessageSchema, statusMessageSchema } from './message.ts'
import { EdxmlRefusal } from './refusal.ts'
import type { XmlElement } from './tree.ts'
import { readTree } from './tree.ts'

export interface ReadEdxml {
  message: EdxmlMessage
  /** Whether the message carries an XML signature. Whether it holds is for whoever verifies signatures to say. */
  signed: boolean
}

/**
 * Reads and checks one message. Attachments come out unpacked. Throws `EdxmlRefusal` for whatever is wrong with it; other
 * errors do not occur for any input.
 */
export async function readEdxml(bytes: Uint8Array, limits: Partial<EdxmlLimits> = {}): Promise<ReadEdxml> {
  const bounds = { ...defaultLimits, ...limits }
  const { root, signed } = await readTree(bytes, bounds)
  if (root.name !== 'edXML') throw new EdxmlRefusal('wrongNamespace', root.name)
  const envelope = required(root, 'edXMLEnvelope')
  const edxmlHeader = required(envelope, 'edXMLHeader')
  const header = required(edxmlHeader, 'MessageHeader')
  const message = only(header, 'StatusCode')
    ? readStatus(header)
    : readDocument(header, only(edxmlHeader, 'TraceHeaderList'), await readAttachments(root, envelope, bounds))
  return { message, signed }
}

function readDocument(
  header: XmlElement,
  traceList: XmlElement | undefined,
  attachments: Attachment[],
): DocumentMessage {
  const code = only(header, 'Code')
  const promulgation = only(header, 'PromulgationInfo')
  const type = only(header, 'DocumentType')
  const signer = only(header, 'SignerInfo')
  const other = only(header, 'OtherInfo')
  return checked(documentMessageSchema, {
    kind: 'document',
    from: readOrgan(required(header, 'From')),
    to: many(header, 'To').map(readOrgan),
    documentId: documentIdOf(header),
    code: { number: textOf(code, 'CodeNumber'), notation: textOf(code, 'CodeNotation') },
    promulgation: { place: textOf(promulgation, 'Place'), date: dateOf(promulgation, 'PromulgationDate') },
    documentType: {
      type: numberOf(type, 'Type'),
      typeDetail: textOf(type, 'TypeDetail'),
      typeName: textOf(type, 'TypeName'),
    },
    subject: textOf(header, 'Subject'),
    content: textOf(header, 'Content'),
    signer: {
      competence: textOf(signer, 'Competence'),
      position: textOf(signer, 'Position'),
      fullName: textOf(signer, 'FullName'),
    },
    dueDate: dateOf(header, 'DueDate'),
    otherInfo: {
      priority: numberOf(other, 'Priority') ?? 0,
      sphereOfPromulgation: textOf(other, 'SphereOfPromulgation'),
      typerNotation: textOf(other, 'TyperNotation'),
      promulgationAmount: numberOf(other, 'PromulgationAmount'),
      pageAmount: numberOf(other, 'PageAmount'),
      direction: textOf(other, 'Direction'),
      appendixes: listOf(only(other, 'Appendixes'), 'Appendix'),
    },
    responseFor: many(header, 'ResponseFor').map(readResponseFor),
    responseForTask: listOf(only(header, 'ResponseForTask'), 'TaskCode'),
    steeringType: numberOf(header, 'SteeringType'),
    toPlaces: listOf(only(header, 'ToPlaces'), 'Place'),
    trace: many(traceList, 'TraceHeader').map((hop) => ({
      organId: textOf(hop, 'OrganId'),
      timestamp: instantOf(hop, 'Timestamp') ?? '',
    })),
    bussiness: readBussiness(only(traceList, 'Bussiness')),
    attachments,
  })
}

function readStatus(header: XmlElement): StatusMessage {
  const responseFor = many(header, 'ResponseFor')
  if (responseFor.length > 1) throw new EdxmlRefusal('repeated', 'ResponseFor')
  const [about] = responseFor
  if (!about) throw new EdxmlRefusal('missing', 'ResponseFor')
  return checked(statusMessageSchema, {
    kind: 'status',
    from: readOrgan(required(header, 'From')),
    responseFor: readResponseFor(about),
    staff: readStaff(only(header, 'StaffInfo')),
    statusCode: textOf(header, 'StatusCode'),
    description: textOf(header, 'Description'),
    timestamp: instantOf(header, 'Timestamp') ?? '',
  })
}

function documentIdOf(parent: XmlElement): string {
  const found = parent.children.filter((child) => child.name === 'DocumentId')
  if (found.length > 1) throw new EdxmlRefusal('doubleDocumentId')
  const id = found[0]?.text.trim() ?? ''
  if (id === '') throw new EdxmlRefusal('noDocumentId')
  return id
}

function readOrgan(organ: XmlElement) {
  return {
    organId: textOf(organ, 'OrganId'),
    organizationInCharge: textOf(organ, 'OrganizationInCharge'),
    organName: textOf(organ, 'OrganName'),
    organAdd: textOf(organ, 'OrganAdd'),
    email: textOf(organ, 'Email'),
    telephone: textOf(organ, 'Telephone'),
    fax: textOf(organ, 'Fax'),
    website: textOf(organ, 'Website'),
  }
}

function readResponseFor(about: XmlElement) {
  return {
    organId: textOf(about, 'OrganId'),
    code: textOf(about, 'Code'),
    documentId: documentIdOf(about),
    promulgationDate: dateOf(about, 'PromulgationDate'),
  }
}

function readStaff(staff: XmlElement | undefined) {
  return {
    department: textOf(staff, 'Department'),
    staff: textOf(staff, 'Staff'),
    email: textOf(staff, 'Email'),
    mobile: textOf(staff, 'Mobile'),
  }
}

function readBussiness(bussiness: XmlElement | undefined) {
  const info = only(bussiness, 'BussinessDocumentInfo')
  return {
    documentId: textOf(bussiness, 'DocumentId'),
    bussinessDocType: numberOf(bussiness, 'BussinessDocType') ?? 0,
    reason: textOf(bussiness, 'BussinessDocReason'),
    paper: numberOf(bussiness, 'Paper') === 1,
    staff: readStaff(only(bussiness, 'StaffInfo')),
    documentInfo: info
      ? {
          documentInfo: numberOf(info, 'DocumentInfo'),
          documentReceiver: numberOf(info, 'DocumentReceiver'),
          receivers: many(only(info, 'ReceiverList'), 'Receiver').map((receiver) => ({
            organId: textOf(receiver, 'OrganId'),
            receiverType: numberOf(receiver, 'ReceiverType') ?? -1,
          })),
        }
      : null,
    replaces: many(only(bussiness, 'ReplacementInfoList'), 'ReplacementInfo').map((replaced) => ({
      documentId: documentIdOf(replaced),
      organIds: listOf(only(replaced, 'OrganIdList'), 'OrganId'),
    })),
  }
}

/** The manifest lists what the message carries; both must agree, one to one. */
async function readAttachments(root: XmlElement, envelope: XmlElement, limits: EdxmlLimits): Promise<Attachment[]> {
  const manifest = only(only(envelope, 'edXMLBody'), 'edXMLManifest')
  const references = new Map<string, XmlElement>()
  for (const reference of many(manifest, 'Reference')) {
    const id = contentIdOf(reference)
    if (references.has(id)) throw new EdxmlRefusal('attachmentRepeated', id)
    references.set(id, reference)
  }
  const carried = new Map<string, XmlElement>()
  for (const attachment of many(only(root, 'AttachmentEncoded'), 'Attachment')) {
    const id = contentIdOf(attachment)
    if (carried.has(id)) throw new EdxmlRefusal('attachmentRepeated', id)
    if (!references.has(id)) throw new EdxmlRefusal('attachmentNotListed', id)
    carried.set(id, attachment)
  }
  if (references.size > limits.attachments) throw new EdxmlRefusal('tooManyElements', `> ${limits.attachments} files`)

  const attachments: Attachment[] = []
  const budget = { left: limits.attachmentsBytes }
  for (const [contentId, reference] of references) {
    const attachment = carried.get(contentId)
    if (!attachment) throw new EdxmlRefusal('attachmentMissing', contentId)
    const either = (name: string) => textOf(attachment, name) || textOf(reference, name)
    const name = either('AttachmentName')
    const fault = [name, textOf(reference, 'AttachmentName') || name].map(attachmentNameFault).find(Boolean)
    if (fault) throw new EdxmlRefusal('attachmentName', `${name}: ${fault}`)
    const encoded = required(attachment, 'ContentTransferEncoded')
    const wire = decodeBase64(encoded.text, name, limits.attachmentBytes)
    // The text may be a third longer than the file: let it go before the next one is decoded.
    encoded.text = ''
    attachments.push({
      contentId,
      name,
      description: either('Description'),
      contentType: either('ContentType'),
      content: await unpackAttachment(wire, name, limits, budget),
    })
  }
  return attachments
}

/** Some senders name the file only in `xlink:href`. */
function contentIdOf(element: XmlElement): string {
  const id = (textOf(element, 'ContentId') || (element.attributes['xlink:href'] ?? '').trim()).replace(/^cid:/, '')
  if (id === '') throw new EdxmlRefusal('missing', 'ContentId')
  return id
}

function listOf(parent: XmlElement | undefined, name: string): string[] {
  return many(parent, name)
    .map((element) => element.text.trim())
    .filter((text) => text !== '')
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new EdxmlRefusal('field', issue ? `${issue.path.join('.')}: ${issue.message}` : '')
}

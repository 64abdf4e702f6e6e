/**
 * Typed messages to edXML bytes, in the strict form: children of the envelope carry the prefix `edXML`, `AttachmentEncoded`
 * and what is in it does not; empty fields are left out. The same message gives the same bytes.
 */
import { packAttachment } from './attachments.ts'
import type { DocumentMessage, EdxmlMessageInput, Organ, ResponseFor, Staff, StatusMessage } from './message.ts'
import { messageSchema } from './message.ts'
import { EdxmlRefusal } from './refusal.ts'
import { edxmlNamespace } from './tree.ts'

/** Checks and writes one message. Attachments are zipped. Throws `EdxmlRefusal` with code `field` for an invalid message. */
export async function writeEdxml(input: EdxmlMessageInput): Promise<Buffer> {
  const result = messageSchema.safeParse(input)
  if (!result.success) {
    const issue = result.error.issues[0]
    const path = issue?.path.join('.') ?? ''
    if (/^attachments\.\d+\.name$/.test(path)) throw new EdxmlRefusal('attachmentName', issue?.message)
    throw new EdxmlRefusal('field', `${path}: ${issue?.message ?? ''}`)
  }
  const message = result.data
  const header =
    message.kind === 'status'
      ? element('MessageHeader', statusHeader(message))
      : element('MessageHeader', documentHeader(message)) + element('TraceHeaderList', trace(message))
  const body = message.kind === 'document' ? element('edXMLBody', manifest(message)) : ''
  const pieces: (string | Buffer)[] = [
    `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${edxmlNamespace}">`,
    `<edXML:edXMLEnvelope xmlns:edXML="${edxmlNamespace}">`,
    element('edXMLHeader', header),
    body,
    '</edXML:edXMLEnvelope>',
  ]
  if (message.kind === 'document' && message.attachments.length > 0) {
    const seen = new Set<string>()
    pieces.push('<AttachmentEncoded>')
    for (const attachment of message.attachments) {
      if (seen.has(attachment.contentId)) throw new EdxmlRefusal('attachmentRepeated', attachment.contentId)
      seen.add(attachment.contentId)
      pieces.push(
        '<Attachment>',
        plain('ContentId', `cid:${attachment.contentId}`),
        plain('AttachmentName', attachment.name),
        plain('Description', attachment.description),
        plain('ContentType', attachment.contentType),
        '<ContentTransferEncoded>',
        await packAttachment(attachment.name, attachment.content),
        '</ContentTransferEncoded></Attachment>',
      )
    }
    pieces.push('</AttachmentEncoded>')
  }
  pieces.push('</edXML>\n')
  return join(pieces)
}

function documentHeader(message: DocumentMessage): string {
  const { otherInfo } = message
  return [
    element('From', organ(message.from)),
    ...message.to.map((to) => element('To', organ(to))),
    field('DocumentId', message.documentId),
    element('Code', field('CodeNumber', message.code.number) + field('CodeNotation', message.code.notation)),
    element(
      'PromulgationInfo',
      field('Place', message.promulgation.place) + field('PromulgationDate', day(message.promulgation.date)),
    ),
    element(
      'DocumentType',
      field('Type', message.documentType.type) +
        field('TypeDetail', message.documentType.typeDetail) +
        field('TypeName', message.documentType.typeName),
    ),
    field('Subject', message.subject),
    field('Content', message.content),
    element(
      'SignerInfo',
      field('Competence', message.signer.competence) +
        field('Position', message.signer.position) +
        field('FullName', message.signer.fullName),
    ),
    field('DueDate', day(message.dueDate)),
    element(
      'OtherInfo',
      field('Priority', otherInfo.priority) +
        field('SphereOfPromulgation', otherInfo.sphereOfPromulgation) +
        field('TyperNotation', otherInfo.typerNotation) +
        field('PromulgationAmount', otherInfo.promulgationAmount) +
        field('PageAmount', otherInfo.pageAmount) +
        field('Direction', otherInfo.direction) +
        list('Appendixes', 'Appendix', otherInfo.appendixes),
    ),
    ...message.responseFor.map((about) => element('ResponseFor', responseFor(about))),
    field('SteeringType', message.steeringType),
    list('ToPlaces', 'Place', message.toPlaces),
    list('ResponseForTask', 'TaskCode', message.responseForTask),
  ].join('')
}

function statusHeader(message: StatusMessage): string {
  return [
    element('From', organ(message.from)),
    element('ResponseFor', responseFor(message.responseFor)),
    element('StaffInfo', staff(message.staff)),
    field('StatusCode', message.statusCode),
    field('Description', message.description),
    field('Timestamp', instant(message.timestamp)),
  ].join('')
}

function trace({ trace: hops, bussiness }: DocumentMessage): string {
  const info = bussiness.documentInfo
  return [
    ...hops.map((hop) =>
      element('TraceHeader', field('OrganId', hop.organId) + field('Timestamp', instant(hop.timestamp))),
    ),
    element(
      'Bussiness',
      [
        field('DocumentId', bussiness.documentId),
        field('BussinessDocType', bussiness.bussinessDocType),
        field('BussinessDocReason', bussiness.reason),
        field('Paper', bussiness.paper ? 1 : 0),
        optionalElement('StaffInfo', staff(bussiness.staff)),
        info
          ? element(
              'BussinessDocumentInfo',
              field('DocumentInfo', info.documentInfo) +
                field('DocumentReceiver', info.documentReceiver) +
                element(
                  'ReceiverList',
                  info.receivers
                    .map((receiver) =>
                      element(
                        'Receiver',
                        field('OrganId', receiver.organId) + field('ReceiverType', receiver.receiverType),
                      ),
                    )
                    .join(''),
                ),
            )
          : '',
        optionalElement(
          'ReplacementInfoList',
          bussiness.replaces
            .map((replaced) =>
              element(
                'ReplacementInfo',
                field('DocumentId', replaced.documentId) + list('OrganIdList', 'OrganId', replaced.organIds),
              ),
            )
            .join(''),
        ),
      ].join(''),
    ),
  ].join('')
}

function manifest(message: DocumentMessage): string {
  const references = message.attachments.map((attachment) =>
    element(
      'Reference',
      field('ContentId', `cid:${attachment.contentId}`) +
        field('ContentType', attachment.contentType) +
        field('Description', attachment.description) +
        field('AttachmentName', attachment.name),
    ),
  )
  return `<edXML:edXMLManifest version="1.0">${references.join('')}</edXML:edXMLManifest>`
}

function organ(value: Organ): string {
  return [
    field('OrganId', value.organId),
    field('OrganizationInCharge', value.organizationInCharge),
    field('OrganName', value.organName),
    field('OrganAdd', value.organAdd),
    field('Email', value.email),
    field('Telephone', value.telephone),
    field('Fax', value.fax),
    field('Website', value.website),
  ].join('')
}

function staff(value: Staff): string {
  return [
    field('Department', value.department),
    field('Staff', value.staff),
    field('Email', value.email),
    field('Mobile', value.mobile),
  ].join('')
}

function responseFor(value: ResponseFor): string {
  return [
    field('OrganId', value.organId),
    field('Code', value.code),
    field('PromulgationDate', day(value.promulgationDate)),
    field('DocumentId', value.documentId),
  ].join('')
}

const day = (date: string | null) => date?.replaceAll('-', '/') ?? ''
const instant = (value: string) => `${value.slice(0, 10).replaceAll('-', '/')} ${value.slice(11, 19)}`

const element = (name: string, content: string) => `<edXML:${name}>${content}</edXML:${name}>`
const optionalElement = (name: string, content: string) => (content === '' ? '' : element(name, content))
const list = (name: string, item: string, values: string[]) =>
  optionalElement(name, values.map((value) => field(item, value)).join(''))

function field(name: string, value: string | number | null): string {
  return value === null || value === '' ? '' : element(name, escapeText(String(value)))
}

function plain(name: string, value: string): string {
  return value === '' ? '' : `<${name}>${escapeText(value)}</${name}>`
}

/** A carriage return would be read back as a line feed, so it goes as a character reference. `>` guards against `]]>`. */
function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Three bytes make four characters, so a multiple of three is encoded without padding inside. */
const base64Slice = 3 * 64 * 1024

/** One buffer for the whole message; buffers go into it as base64, slice by slice. */
function join(pieces: (string | Buffer)[]): Buffer {
  const size = (piece: string | Buffer) =>
    typeof piece === 'string' ? Buffer.byteLength(piece) : Math.ceil(piece.length / 3) * 4
  const whole = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + size(piece), 0))
  let end = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      end += whole.write(piece, end)
      continue
    }
    for (let start = 0; start < piece.length; start += base64Slice) {
      end += whole.write(piece.subarray(start, start + base64Slice).toString('base64'), end, 'latin1')
    }
  }
  return whole
}

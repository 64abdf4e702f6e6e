/** Taking in one message: who may send it, whether it can be read, who gets it. */
import type { EdxmlLimits } from '../edxml/limits.ts'
import type { EdxmlMessage } from '../edxml/message.ts'
import { readEdxml } from '../edxml/read.ts'
import { EdxmlRefusal } from '../edxml/refusal.ts'
import type { SendHeader } from '../gateway-protocol.ts'
import { sameOrgan, shortOrganCode } from '../organ-codes.ts'
import type { AgencyDirectory, ExchangeSystem } from './agency-directory.ts'
import { GatewayRefusal } from './gateway-refusal.ts'
import type { MessageStore, NewMessage, Receiver } from './message-store.ts'

export interface Holdings {
  directory: AgencyDirectory
  messages: MessageStore
  limits: Partial<EdxmlLimits>
}

/**
 * Checks and stores a message. A repeat is stored once and acknowledged again with the first `docId`. Throws
 * `GatewayRefusal` 10, 18, 19, 21, 22 or 23; nothing is stored then.
 */
export async function acceptMessage(
  { directory, messages, limits }: Holdings,
  system: ExchangeSystem,
  header: SendHeader,
  edxml: Buffer,
): Promise<{ docId: string; repeated: boolean }> {
  const sender = directory.find(header.from)
  if (!sender || sender.locked || sender.systemId !== system.systemId) {
    throw new GatewayRefusal('19', {
      vi: `Đơn vị gửi ${shown(header.from)} chưa đăng ký cho hệ thống này.`,
      en: `The sender ${shown(header.from)} is not registered for this system.`,
    })
  }
  const message = await read(edxml, limits)
  const messageType = message.kind === 'status' ? 'status' : 'edoc'
  if (messageType !== header.messagetype) throw invalid('messagetype', messageType)
  if (!sameOrgan(message.from.organId, header.from)) {
    throw new GatewayRefusal('19', {
      vi: 'Đơn vị gửi trong edXML khác đơn vị gửi của lời gọi.',
      en: 'The sender in the edXML is not the sender of the call.',
    })
  }
  const receivers = receiversOf(message, header).map((organId) => findReceiver(directory, organId))
  const result = await messages.accept(describe(message, messageType, header.from, system), receivers, edxml)
  return { docId: result.message.docId, repeated: result.repeated }
}

async function read(edxml: Buffer, limits: Partial<EdxmlLimits>): Promise<EdxmlMessage> {
  try {
    return (await readEdxml(edxml, limits)).message
  } catch (error) {
    if (!(error instanceof EdxmlRefusal)) throw error
    throw new GatewayRefusal(error.exchangeCode, error)
  }
}

/** A status goes to the agency that sent the document it is about. */
function receiversOf(message: EdxmlMessage, header: SendHeader): string[] {
  const named = message.kind === 'status' ? [message.responseFor.organId] : message.to.map((to) => to.organId)
  const wanted = header.to ?? named
  const stranger = wanted.find((organId) => !named.some((other) => sameOrgan(other, organId)))
  if (stranger !== undefined) throw invalid('to', stranger)
  return [...new Map(wanted.map((organId) => [shortOrganCode(organId.trim()), organId.trim()])).values()]
}

function findReceiver(directory: AgencyDirectory, organId: string): Receiver {
  const entry = directory.find(organId)
  if (!entry) {
    throw new GatewayRefusal('18', {
      vi: `Đơn vị nhận ${shown(organId)} chưa đăng ký trên hệ thống. Kiểm tra mã định danh rồi gửi lại.`,
      en: `The receiver ${shown(organId)} is not known here. Check the code and send again.`,
    })
  }
  if (entry.locked) {
    throw new GatewayRefusal('23', {
      vi: `Đơn vị nhận ${shown(organId)} đang bị khóa.`,
      en: `The receiver ${shown(organId)} is locked.`,
    })
  }
  return { organId: entry.code, systemId: entry.systemId }
}

/** What makes a repeat: the same sender, type and document; for statuses also the code, (document, status) is unique. */
function describe(
  message: EdxmlMessage,
  messageType: 'edoc' | 'status',
  from: string,
  system: ExchangeSystem,
): NewMessage {
  const sender = shortOrganCode(from)
  if (message.kind === 'status') {
    const { responseFor, statusCode, description, timestamp } = message
    return {
      key: JSON.stringify([sender, messageType, responseFor.documentId, statusCode]),
      messageType,
      from,
      systemId: system.systemId,
      documentId: responseFor.documentId,
      code: responseFor.code,
      subject: '',
      businessStatus: { statusCode, description, timestamp },
    }
  }
  return {
    key: JSON.stringify([sender, messageType, message.documentId, message.bussiness.bussinessDocType]),
    messageType,
    from,
    systemId: system.systemId,
    documentId: message.documentId,
    code: [message.code.number, message.code.notation].filter(Boolean).join('/'),
    subject: message.subject,
    businessStatus: null,
  }
}

function invalid(field: string, value: string): GatewayRefusal {
  return new GatewayRefusal('22', {
    vi: `Lời gọi và edXML không khớp nhau (${field}: ${shown(value)}).`,
    en: `The call and the edXML do not agree (${field}: ${shown(value)}).`,
  })
}

function shown(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}').slice(0, 40)
}

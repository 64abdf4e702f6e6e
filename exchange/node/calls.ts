/** The REST calls of the gateway, each with its method. Callers are known when a call runs. */
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { defaultLimits } from '../edxml/limits.ts'
import type { ReceivedEntry, SentEntry } from '../gateway-protocol.ts'
import { messageTypes, sendHeaderSchema } from '../gateway-protocol.ts'
import { shortOrganCode } from '../organ-codes.ts'
import { sha256Hex } from '../request-signature.ts'
import type { Holdings } from './accept-message.ts'
import { acceptMessage } from './accept-message.ts'
import type { Caller } from './authenticate.ts'
import { readBody, readFile } from './body.ts'
import { GatewayRefusal } from './gateway-refusal.ts'
import type { MessageStore, StoredMessage } from './message-store.ts'

export interface Call extends Caller {
  request: IncomingMessage
  query: URLSearchParams
  holdings: Holdings
}
/** The bytes of a file with its hash, instead of a JSON result. */
export class FileAnswer {
  constructor(
    readonly bytes: Buffer,
    readonly sha256: string,
  ) {}
}
type Handler = (call: Call) => unknown

export const calls: Record<string, { method: 'GET' | 'POST'; handle: Handler }> = {
  '/sendEdoc': { method: 'POST', handle: sendEdoc },
  '/getReceivedEdocList': { method: 'GET', handle: getReceivedEdocList },
  '/getSentEdocList': { method: 'GET', handle: getSentEdocList },
  '/getEdoc': { method: 'GET', handle: getEdoc },
  '/downloadEdoc': { method: 'GET', handle: downloadEdoc },
  '/updateStatus': { method: 'POST', handle: updateStatus },
  '/countReceiveEdoc': { method: 'GET', handle: (call) => countWaiting(call, 'edoc') },
  '/countReceiveStatus': { method: 'GET', handle: (call) => countWaiting(call, 'status') },
  '/getAgenciesList': { method: 'GET', handle: ({ holdings }) => holdings.directory.list() },
  '/getAgenciesListQD20': { method: 'GET', handle: getAgenciesListQD20 },
  '/registerAgency': { method: 'POST', handle: registerAgency },
  '/deleteAgency': { method: 'POST', handle: deleteAgency },
  '/getSynchronizeUnit': { method: 'GET', handle: getSynchronizeUnit },
}

async function sendEdoc(call: Call): Promise<{ docId: string }> {
  const maxBytes = call.holdings.limits.messageBytes ?? defaultLimits.messageBytes
  const edxml = checkHash(call, await readFile(call.request, maxBytes))
  const header = parse(sendHeaderSchema, json(call.header))
  const { docId } = await acceptMessage(call.holdings, call.system, header, edxml)
  return { docId }
}

const listQuery = z.object({
  messageType: z.enum(messageTypes).optional(),
  /** `waiting` (unless said): neither done nor failed. */
  status: z.enum(['waiting', 'initial', 'processing', 'done', 'fail', 'all']).default('waiting'),
  since: z.coerce.date().optional(),
  documentId: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

function getReceivedEdocList(call: Call): ReceivedEntry[] {
  const { limit, messageType, status, since } = parse(listQuery, Object.fromEntries(call.query))
  const found: ReceivedEntry[] = []
  for (const message of call.holdings.messages.all()) {
    if (found.length === limit) break
    const entry = receivedBy(call.system.systemId, message)
    if (!entry || (messageType && entry.messageType !== messageType)) continue
    if (since && entry.createdTime < since.toISOString()) continue
    const waiting = entry.status === 'initial' || entry.status === 'processing'
    if (status === 'all' || status === entry.status || (status === 'waiting' && waiting)) found.push(entry)
  }
  return found
}

function receivedBy(systemId: string, message: StoredMessage): ReceivedEntry | null {
  const mine = message.deliveries.filter((delivery) => delivery.systemId === systemId)
  const [first] = mine
  if (!first) return null
  const { docId, from, messageType, documentId, createdTime } = message
  const to = mine.map((delivery) => delivery.organId)
  const { updatedTime, status } = first
  return { id: docId, from, to, serviceType: 'eDoc', messageType, documentId, createdTime, updatedTime, status }
}

function getSentEdocList(call: Call): SentEntry[] {
  const { limit, messageType, since, documentId } = parse(listQuery, Object.fromEntries(call.query))
  const { messages } = call.holdings
  return messages
    .all()
    .filter(
      (message) =>
        message.systemId === call.system.systemId &&
        (!messageType || message.messageType === messageType) &&
        (!documentId || message.documentId === documentId) &&
        (!since || message.createdTime >= since.toISOString()),
    )
    .reverse()
    .slice(0, limit)
    .map((message) => sentEntry(messages, message))
}

/** A sent message with what came back about it. */
function sentEntry(messages: MessageStore, message: StoredMessage): SentEntry {
  const { docId, from, messageType, documentId, createdTime, deliveries } = message
  return {
    id: docId,
    from,
    to: deliveries.map((delivery) => delivery.organId),
    serviceType: 'eDoc',
    messageType,
    documentId,
    createdTime,
    updatedTime: deliveries.reduce((last, { updatedTime }) => (updatedTime > last ? updatedTime : last), createdTime),
    deliveries: deliveries.map(({ organId, status, updatedTime }) => ({ organId, status, updatedTime })),
    statuses: messageType === 'edoc' ? messages.statusesAbout(message) : [],
  }
}

async function getEdoc(call: Call) {
  const message = mine(call)
  const bytes = await call.holdings.messages.read(message)
  const { docId, from, messageType, documentId, createdTime, sha256 } = message
  return { id: docId, from, messageType, documentId, createdTime, sha256, edoc: bytes.toString('base64') }
}

async function downloadEdoc(call: Call): Promise<FileAnswer> {
  const message = mine(call)
  return new FileAnswer(await call.holdings.messages.read(message), message.sha256)
}

/** A message of another system is as unknown as one that is not there. */
function mine(call: Call, docId = call.query.get('docId') ?? ''): StoredMessage {
  const message = call.holdings.messages.get(docId)
  const { systemId } = call.system
  if (!message || (message.systemId !== systemId && !receivedBy(systemId, message))) {
    throw new GatewayRefusal('21', {
      status: 404,
      vi: 'Không có văn bản với docId này.',
      en: 'No message has this docId.',
    })
  }
  return message
}

async function updateStatus(call: Call): Promise<{ docId: string; status: string }> {
  const body = await readJson(
    call,
    z.object({ docId: z.string().max(64), status: z.enum(['processing', 'done', 'fail']) }),
  )
  const message = mine(call, body.docId)
  if (!receivedBy(call.system.systemId, message)) {
    throw new GatewayRefusal('15', {
      vi: 'Chỉ bên nhận được xác nhận văn bản.',
      en: 'Only a receiver acknowledges a message.',
    })
  }
  await call.holdings.messages.acknowledge(message.docId, call.system.systemId, body.status)
  return body
}

function countWaiting(call: Call, messageType: 'edoc' | 'status'): { count: number } {
  const entries = call.holdings.messages.all().map((message) => receivedBy(call.system.systemId, message))
  return { count: entries.filter((entry) => entry?.messageType === messageType && entry.status === 'initial').length }
}

function getAgenciesListQD20({ holdings }: Call) {
  return holdings.directory.list().map((agency) => ({ ...agency, code: shortOrganCode(agency.code) }))
}

/** Agencies changed since `since`, for a directory that is kept elsewhere. */
function getSynchronizeUnit(call: Call) {
  const { since } = parse(listQuery, Object.fromEntries(call.query))
  const agencies = call.holdings.directory.list()
  return since ? agencies.filter((agency) => agency.updatedTime >= since.toISOString()) : agencies
}

const organCode = z.string().regex(/^[A-Z0-9]{3}(\.[A-Z0-9]{2,3}){0,8}$/)

async function registerAgency(call: Call): Promise<{ code: string }> {
  const body = await readJson(
    call,
    z.object({
      code: organCode.max(35),
      name: z.string().trim().min(1).max(200),
      pcode: z.string().max(35).default(''),
      mail: z.string().max(200).default(''),
    }),
  )
  const known = call.holdings.directory.find(body.code)
  if (known && known.systemId !== call.system.systemId) throw notYours()
  await call.holdings.directory.save({
    code: known?.code ?? body.code,
    name: body.name,
    parent: body.pcode,
    mail: body.mail,
    systemId: call.system.systemId,
    locked: false,
  })
  return { code: known?.code ?? body.code }
}

/** What was sent to the agency stays, so it is locked instead of forgotten. */
async function deleteAgency(call: Call): Promise<{ code: string }> {
  const { code } = await readJson(call, z.object({ code: organCode.max(35) }))
  const known = call.holdings.directory.find(code)
  if (!known) throw new GatewayRefusal('18')
  const own = shortOrganCode(known.code) === shortOrganCode(call.system.organCode)
  if (own || known.systemId !== call.system.systemId) throw notYours()
  await call.holdings.directory.save({ ...known, locked: true })
  return { code: known.code }
}

function notYours(): GatewayRefusal {
  return new GatewayRefusal('15', {
    status: 403,
    vi: 'Đơn vị này không do hệ thống gọi quản lý.',
    en: 'This agency is not under the calling system.',
  })
}

function checkHash(call: Call, bytes: Buffer): Buffer {
  if (sha256Hex(bytes) === call.contentSha256) return bytes
  throw new GatewayRefusal('15', {
    vi: 'Nội dung không khớp với mã băm đã ký.',
    en: 'The content does not match the hash that was signed.',
  })
}

async function readJson<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
  return parse(schema, json(checkHash(call, await readBody(call.request, 64 * 1024)).toString()))
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GatewayRefusal('10', { vi: 'Không đọc được JSON.', en: 'This is not JSON.' })
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new GatewayRefusal('10', { vi: `Tham số không hợp lệ: ${where}.`, en: `Invalid parameters: ${where}.` })
}

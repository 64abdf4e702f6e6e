import { createHash } from 'node:crypto'
import { simpleParser, type AddressObject, type EmailAddress, type ParsedMail } from 'mailparser'
import { attachmentName } from './attachment-name.ts'
import { MailError } from './mail-error.ts'
import type { MailAddress } from './send.ts'

export interface Letter {
  /** As written, or derived from the content where there is none that can serve: the same bytes always give the same. */
  messageId: string
  /** As the letter says; the envelope knows better who it came from. */
  from: MailAddress | null
  to: MailAddress[]
  cc: MailAddress[]
  subject: string
  /** Epoch ms, null when the letter says none that makes sense. */
  date: number | null
  inReplyTo: string | null
  /** The plain text; made from the HTML where there is no other. HTML itself is never handed on. */
  text: string
  attachments: Attachment[]
}

export interface Attachment {
  /** Safe as the name of a file on any system; not unique within the letter. */
  name: string
  /** What the sender says it is. */
  mediaType: string
  /** Bytes. */
  size: number
  /** Hex. */
  sha256: string
  content: Buffer
}

const MAX_HEADER_BYTES = 256 * 1024
const MAX_PARTS = 500
const MAX_HTML = 2 * 1024 * 1024
const MAX_SUBJECT = 1_000
const MAX_ADDRESSES = 1_000

/** Reads a letter as it came over the wire. Throws MailError `letter-unreadable` (permanent) for what is built to harm. */
export async function parseLetter(raw: Buffer): Promise<Letter> {
  const mail = await read(raw)
  return {
    messageId: usableId(mail.messageId) ?? `<${sha256(raw)}@no-message-id.invalid>`,
    from: addresses(mail.from)[0] ?? null,
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    subject: clean(mail.subject ?? '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, MAX_SUBJECT),
    date: dateOf(mail),
    inReplyTo: usableId(mail.inReplyTo),
    text: clean(mail.text ?? ''),
    attachments: mail.attachments.map(({ filename, contentType, content }, index) => ({
      name: attachmentName(filename, index),
      mediaType: /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType.toLowerCase() : 'application/octet-stream',
      size: content.length,
      sha256: sha256(content),
      content,
    })),
  }
}

async function read(raw: Buffer): Promise<ParsedMail> {
  const limits = {
    skipTextToHtml: true,
    skipImageLinks: true,
    keepCidLinks: true,
    maxHtmlLengthToParse: MAX_HTML,
    // Of the splitter underneath: one part's headers, and the parts of a letter at any depth.
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: MAX_PARTS,
  }
  try {
    return await simpleParser(raw, limits)
  } catch (error) {
    throw new MailError('letter-unreadable', true, error instanceof Error ? error.message : String(error), error)
  }
}

function addresses(field: AddressObject | AddressObject[] | undefined): MailAddress[] {
  const lists = field === undefined ? [] : Array.isArray(field) ? field : [field]
  const flat = (entry: EmailAddress): EmailAddress[] => entry.group?.flatMap(flat) ?? [entry]
  return lists
    .flatMap(({ value }) => value.flatMap(flat))
    .filter(({ address }) => address !== undefined && address !== '')
    .slice(0, MAX_ADDRESSES)
    .map(({ name, address }) => ({ name: clean(name).trim(), address: clean(address ?? '') }))
}

/** The parser puts the time of reading where it cannot read the date; a letter read twice must not differ. */
function dateOf(mail: ParsedMail): number | null {
  const line = mail.headerLines.find(({ key }) => key === 'date')?.line
  const at = line === undefined ? NaN : Date.parse(line.slice(line.indexOf(':') + 1).trim())
  return Number.isNaN(at) ? null : at
}

/** RFC 5322 limits a line to 998 characters; a longer id is no id, and keys must stay short. */
function usableId(id: string | undefined): string | null {
  const found = id === undefined ? null : /<[^\s<>@]{1,450}@[^\s<>@]{1,450}>/.exec(clean(id))
  return found === null ? null : found[0]
}

/** PostgreSQL's text cannot hold NUL, and no other control character belongs into a letter's text. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

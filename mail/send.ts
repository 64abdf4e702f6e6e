import nodemailer from 'nodemailer'
import { MailError } from './mail-error.ts'

/** An SMTP server that takes our letters. */
export interface MailServer {
  host: string
  port: number
  /** TLS from the first byte on; otherwise STARTTLS where the server offers it. */
  secure?: boolean
  auth?: { user: string; pass: string }
}

export interface MailAddress {
  /** Empty when only the address is known. */
  name: string
  address: string
}

export interface OutgoingLetter {
  from: MailAddress
  to: MailAddress[]
  subject: string
  text: string
  html?: string
  /** `<…@…>`, made once by the caller and kept: a repeat is known by it. */
  messageId: string
  /** Epoch ms of writing, not of sending: a repeat stays the same letter. */
  date?: number
  inReplyTo?: string
  headers?: Record<string, string>
  attachments?: { name: string; mediaType: string; content: Buffer }[]
}

export interface SentLetter {
  /** Addresses the server has taken the letter for. */
  accepted: string[]
  /** Addresses it has refused while it took others; only these are to be tried again. */
  rejected: { address: string; permanent: boolean; answer: string }[]
}

/** Waiting times (ms): for the connection, the greeting, and between two words of the conversation. */
const CONNECT_LIMIT = 10_000
const SOCKET_LIMIT = 60_000

/**
 * Hands a letter to the server. Resolves when the server has said that it keeps it (250); delivery is at least once, since
 * that answer can get lost. Throws MailError; `permanent` tells whether trying again can help.
 */
export async function sendLetter(server: MailServer, letter: OutgoingLetter): Promise<SentLetter> {
  if (letter.to.length === 0) throw new MailError('letter-invalid', true, 'no recipient')
  const wrong = [letter.from, ...letter.to].find(({ address }) => !/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(address))
  if (wrong) throw new MailError('letter-invalid', true, wrong.address)
  if (!/^<[^\s<>]+@[^\s<>]+>$/.test(letter.messageId)) throw new MailError('letter-invalid', true, letter.messageId)

  const transport = nodemailer.createTransport({
    ...server,
    connectionTimeout: CONNECT_LIMIT,
    greetingTimeout: CONNECT_LIMIT,
    socketTimeout: SOCKET_LIMIT,
    // A letter is data: nothing in it may make us read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const info = await transport.sendMail({
      from: letter.from,
      to: letter.to,
      subject: letter.subject,
      text: letter.text,
      html: letter.html,
      messageId: letter.messageId,
      date: letter.date === undefined ? undefined : new Date(letter.date),
      inReplyTo: letter.inReplyTo,
      references: letter.inReplyTo,
      headers: letter.headers,
      attachments: letter.attachments?.map(({ name, mediaType, content }) => ({
        filename: name,
        contentType: mediaType,
        content,
      })),
    })
    return {
      accepted: info.accepted.map(addressOf),
      rejected: ((info.rejectedErrors ?? []) as SmtpFailure[]).map((error) => ({
        address: error.recipient ?? '',
        permanent: isPermanent(error.responseCode),
        answer: error.response ?? error.message,
      })),
    }
  } catch (error) {
    throw toMailError(error)
  } finally {
    transport.close()
  }
}

function addressOf(recipient: string | { address: string }): string {
  return typeof recipient === 'string' ? recipient : recipient.address
}

function isPermanent(responseCode: number | undefined): boolean {
  return responseCode !== undefined && responseCode >= 500
}

interface SmtpFailure extends Error {
  /** nodemailer's own: ECONNECTION, ETIMEDOUT, EENVELOPE, EMESSAGE … */
  code?: string
  responseCode?: number
  response?: string
  recipient?: string
  /** For EENVELOPE: what the server said of each recipient. */
  rejectedErrors?: SmtpFailure[]
}

function toMailError(error: unknown): MailError {
  const failure = (error instanceof Error ? error : new Error(String(error))) as SmtpFailure
  const said = failure.response ?? failure.message
  const refusals = failure.rejectedErrors ?? []
  if (refusals.length > 0) {
    // One recipient who may be accepted later is enough to try again.
    const permanent = refusals.every(({ responseCode }) => isPermanent(responseCode))
    return new MailError(permanent ? 'recipient-unknown' : 'server-busy', permanent, said, error)
  }
  if (failure.responseCode === undefined) {
    if (failure.code === 'EENVELOPE') return new MailError('letter-invalid', true, said, error)
    return new MailError('server-unreachable', false, said, error)
  }
  // A server that is going down says 421; a wrong password (535) is mended by the administrator, not by a new letter.
  const permanent = isPermanent(failure.responseCode) && failure.code !== 'EAUTH'
  return new MailError(permanent ? 'letter-refused' : 'server-busy', permanent, said, error)
}

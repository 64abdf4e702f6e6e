import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { MailError } from './mail-error.ts'

/** Who the sending server says it is from and for; the headers of the letter may say otherwise. */
export interface Envelope {
  /** Null for a bounce (`MAIL FROM:<>`). */
  from: string | null
  to: string[]
  /** The address the connection came from. */
  peer: string
}

export interface InboxServerOptions {
  /** 0 takes a free one. */
  port: number
  host: string
  /** Only recipients in it are accepted, in any case of letters. */
  domain: string
  /** Further narrows the recipients, for example to mailboxes that exist. */
  knows?: (address: string) => boolean | Promise<boolean>
  /**
   * Stores the letter durably; the sender is told 250 only after that. A MailError that is permanent is answered with 554,
   * anything else with 451, so that the sender keeps the letter and tries again. The same letter can come twice, when our
   * 250 got lost on the way: this is called twice then, and the Message-ID (`parseLetter`) tells.
   */
  onLetter: (raw: Buffer, envelope: Envelope) => Promise<void>
  /** Of one letter, bytes as sent (attachments are a third larger in base64). */
  maxBytes: number
  /** What goes wrong beside single letters, for the log. */
  onError?: (error: Error) => void
}

export interface InboxServer {
  port: number
  /** Takes no new letters; the ones being received are ended first. */
  close(): Promise<void>
}

const MAX_RECIPIENTS = 200
const MAX_CONNECTIONS = 50
const IDLE_LIMIT = 60_000

/** An SMTP server that receives for our domain and relays for nobody. Rejects when the port cannot be listened on. */
export async function startInboxServer(options: InboxServerOptions): Promise<InboxServer> {
  const { domain, knows, maxBytes, onLetter, onError = () => {} } = options
  const server = new SMTPServer({
    banner: 'iMOIT',
    name: domain,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: maxBytes,
    maxClients: MAX_CONNECTIONS,
    socketTimeout: IDLE_LIMIT,
    closeTimeout: 5_000,
    onRcptTo({ address }, session, callback) {
      if (session.envelope.rcptTo.length >= MAX_RECIPIENTS) return callback(answer(452, 'Too many recipients'))
      if (!address.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) {
        return callback(answer(550, `No relaying: this server receives for ${domain} only`))
      }
      Promise.resolve(knows?.(address) ?? true).then(
        (known) => callback(known ? null : answer(550, `No such mailbox: ${address}`)),
        (error: unknown) => {
          onError(toError(error))
          callback(answer(451, 'Mailboxes cannot be looked up now, try again later'))
        },
      )
    },
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope
      const envelope: Envelope = {
        from: mailFrom === false || mailFrom.address === '' ? null : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        peer: session.remoteAddress,
      }
      receive(stream, maxBytes)
        .then((raw) => onLetter(raw, envelope))
        .then(
          () => callback(null, 'Stored'),
          (error: unknown) => {
            onError(toError(error))
            callback(refusalOf(error))
          },
        )
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', onError)
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** All of the letter. What goes beyond the limit is read, since the sender listens only afterwards, but not kept. */
async function receive(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (bytes > maxBytes) throw new MailError('letter-too-large', true, `more than ${maxBytes} bytes`)
  return Buffer.concat(chunks)
}

function refusalOf(error: unknown): Error {
  if (!(error instanceof MailError) || !error.permanent) return answer(451, 'Not stored, try again later')
  return answer(error.code === 'letter-too-large' ? 552 : 554, error.message)
}

/** An answer goes on one line of ASCII. */
function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text.replace(/[^\x20-\x7e]+/g, ' ')), { responseCode })
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

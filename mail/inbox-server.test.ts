import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startInboxServer, type Envelope, type InboxServer, type InboxServerOptions } from './inbox-server.ts'
import { MailError } from './mail-error.ts'
import { parseLetter, type Letter } from './parse.ts'
import { sendLetter, type OutgoingLetter } from './send.ts'

let server: InboxServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** An inbox that keeps what it gets, unless told otherwise. */
async function inbox(options: Partial<InboxServerOptions> = {}) {
  const got: { letter: Letter; envelope: Envelope }[] = []
  server = await startInboxServer({
    port: 0,
    host: '127.0.0.1',
    domain: 'moit.example',
    maxBytes: 100_000,
    onLetter: async (raw, envelope) => {
      got.push({ letter: await parseLetter(raw), envelope })
    },
    ...options,
  })
  return { got, at: { host: '127.0.0.1', port: server.port } }
}

const letter: OutgoingLetter = {
  from: { name: 'iMOIT', address: 'imoit@moit.example' },
  to: [{ name: 'Nguyễn Thị Ví Dụ', address: 'vidu@moit.example' }],
  subject: 'Văn bản đến: báo cáo về dịch vụ công trực tuyến',
  text: 'Kính gửi đồng chí,\n\nĐồng chí có việc mới.\n',
  html: '<p>Đồng chí có việc mới.</p>',
  messageId: '<task-1@moit.example>',
  date: Date.UTC(2026, 10, 22, 8, 30),
}

/** Says one line after each answer, as a sender must, and gives all the answers. */
async function converse({ host, port }: { host: string; port: number }, lines: string[]): Promise<string> {
  const socket = connect(port, host)
  let answers = ''
  for await (const chunk of socket) {
    answers += String(chunk)
    const last = answers.trimEnd().split('\r\n').at(-1) ?? ''
    if (answers.endsWith('\r\n') && /^\d{3} /.test(last)) socket.write(`${lines.shift() ?? ''}\r\n`)
  }
  return answers
}

describe('a letter over the wire', () => {
  it('arrives as it was sent, Message-ID and attachments included', async () => {
    const { got, at } = await inbox()
    const content = Buffer.from(Array.from({ length: 3_000 }, (_, i) => i % 256))

    const sent = await sendLetter(at, {
      ...letter,
      inReplyTo: '<before@moit.example>',
      headers: { 'Auto-Submitted': 'auto-generated' },
      attachments: [{ name: 'Phụ lục số 1.pdf', mediaType: 'application/pdf', content }],
    })

    expect(sent).toEqual({ accepted: ['vidu@moit.example'], rejected: [] })
    expect(got).toHaveLength(1)
    expect(got[0]?.envelope).toEqual({ from: 'imoit@moit.example', to: ['vidu@moit.example'], peer: '127.0.0.1' })
    expect(got[0]?.letter).toMatchObject({
      messageId: letter.messageId,
      inReplyTo: '<before@moit.example>',
      from: letter.from,
      to: letter.to,
      subject: letter.subject,
      date: letter.date,
      text: letter.text,
    })
    expect(got[0]?.letter.attachments).toMatchObject([
      { name: 'Phụ lục số 1.pdf', mediaType: 'application/pdf', content },
    ])
  })

  it('sent again after a crash is handed over again, to be known by its Message-ID', async () => {
    const { got, at } = await inbox()
    await sendLetter(at, letter)
    await sendLetter(at, letter)
    expect(got.map((it) => it.letter.messageId)).toEqual([letter.messageId, letter.messageId])
  })

  it('is acknowledged only once it is stored', async () => {
    let store = () => {}
    const stored = new Promise<void>((resolve) => (store = resolve))
    let arrived = () => {}
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    const { at } = await inbox({
      onLetter: () => {
        arrived()
        return stored
      },
    })
    let acknowledged = false
    const sending = sendLetter(at, letter).then(() => (acknowledged = true))
    await arrival
    expect(acknowledged).toBe(false)
    store()
    await sending
    expect(acknowledged).toBe(true)
  })
})

describe('when something is in the way', () => {
  it('a server that is down is a reason to try again', async () => {
    const { at } = await inbox()
    await server?.close()
    await expect(sendLetter(at, letter)).rejects.toMatchObject({ code: 'server-unreachable', permanent: false })
  })

  it('a letter that cannot be stored now is kept by the sender', async () => {
    const seen: Error[] = []
    const { at } = await inbox({
      onLetter: () => Promise.reject(new Error('the disk is full')),
      onError: (error) => seen.push(error),
    })
    await expect(sendLetter(at, letter)).rejects.toMatchObject({ code: 'server-busy', permanent: false })
    expect(seen.map(({ message }) => message)).toEqual(['the disk is full'])
  })

  it('a letter that can never be taken in goes back to the sender', async () => {
    const { at } = await inbox({ onLetter: () => Promise.reject(new MailError('letter-unreadable', true, '')) })
    await expect(sendLetter(at, letter)).rejects.toMatchObject({ code: 'letter-refused', permanent: true })
  })

  it('a letter over the limit is refused, whether it says its size or not', async () => {
    const { got, at } = await inbox({ maxBytes: 5_000 })
    const big = { ...letter, text: 'x'.repeat(76).concat('\r\n').repeat(200) }
    await expect(sendLetter(at, big)).rejects.toMatchObject({ permanent: true })

    const body = `${'y'.repeat(70)}\r\n`.repeat(1_000)
    const said = await converse(at, [
      'EHLO a',
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<c@moit.example>',
      'DATA',
      `Subject: a\r\n\r\n${body}.`,
      'QUIT',
    ])
    expect(said).toMatch(/^552 /m)
    expect(got).toEqual([])
  })

  it('nothing is relayed to other domains, and unknown mailboxes are refused by name', async () => {
    const { got, at } = await inbox({ knows: (address) => address === 'vidu@moit.example' })
    const elsewhere = { name: '', address: 'somebody@elsewhere.example' }
    const nobody = { name: '', address: 'nobody@moit.example' }
    await expect(sendLetter(at, { ...letter, to: [elsewhere] })).rejects.toMatchObject({
      code: 'recipient-unknown',
      permanent: true,
    })
    const sent = await sendLetter(at, { ...letter, to: [...letter.to, nobody] })
    expect(sent.accepted).toEqual(['vidu@moit.example'])
    expect(sent.rejected).toMatchObject([{ address: 'nobody@moit.example', permanent: true }])
    expect(got.map(({ envelope }) => envelope.to)).toEqual([['vidu@moit.example']])
  })

  it('mailboxes that cannot be looked up are a reason to try again', async () => {
    const { at } = await inbox({ knows: () => Promise.reject(new Error('no database')) })
    await expect(sendLetter(at, letter)).rejects.toMatchObject({ code: 'server-busy', permanent: false })
  })

  it('an address that is none never reaches a server', async () => {
    const nowhere = { host: '127.0.0.1', port: 1 }
    const twoLines = { name: '', address: 'a@b.example>\r\nRCPT TO:<c@d.example' }
    for (const to of [[], [twoLines], [{ name: '', address: 'nobody' }]]) {
      await expect(sendLetter(nowhere, { ...letter, to })).rejects.toMatchObject({
        code: 'letter-invalid',
        permanent: true,
      })
    }
  })
})

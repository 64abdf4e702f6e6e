import { describe, expect, it } from 'vitest'
import { parseLetter } from './parse.ts'

const wire = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1')

describe('a letter as it should be', () => {
  it('is read with its text, people and files', async () => {
    const letter = await parseLetter(
      wire(
        'Message-ID: <one@example.test>',
        'In-Reply-To: <zero@example.test>',
        'From: =?utf-8?B?TmfDom4=?= <ngan@example.test>',
        'To: a@moit.example, "B" <b@moit.example>',
        'Date: Sun, 22 Nov 2026 15:30:00 +0700',
        'Subject: =?utf-8?Q?V=C4=83n_b=E1=BA=A3n?=',
        'Content-Type: multipart/mixed; boundary=x',
        '',
        '--x',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('Kính gửi').toString('base64'),
        '--x',
        'Content-Type: application/pdf',
        'Content-Disposition: attachment; filename="a.pdf"',
        '',
        '%PDF-',
        '--x--',
      ),
    )
    expect(letter).toMatchObject({
      messageId: '<one@example.test>',
      inReplyTo: '<zero@example.test>',
      from: { name: 'Ngân', address: 'ngan@example.test' },
      to: [
        { name: '', address: 'a@moit.example' },
        { name: 'B', address: 'b@moit.example' },
      ],
      subject: 'Văn bản',
      date: Date.UTC(2026, 10, 22, 8, 30),
      text: 'Kính gửi',
    })
    expect(letter.attachments.map(({ name, mediaType, size }) => [name, mediaType, size])).toEqual([
      ['a.pdf', 'application/pdf', 5],
    ])
    expect(letter.attachments[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('written as HTML only is handed on as text, without its markup', async () => {
    const letter = await parseLetter(
      wire('Content-Type: text/html', '', '<p>Hello <b>you</b><script>alert(1)</script></p>'),
    )
    expect(letter.text).toContain('Hello you')
    expect(letter.text).not.toContain('<')
    expect(letter).not.toHaveProperty('html')
  })
})

describe('a letter that is not as it should be', () => {
  it('without a Message-ID gets one from its content: the same for a repeat, another for another letter', async () => {
    const [one, repeat, other] = await Promise.all([
      parseLetter(wire('Subject: a', '', 'text')),
      parseLetter(wire('Subject: a', '', 'text')),
      parseLetter(wire('Subject: a', '', 'Text')),
    ])
    expect(repeat.messageId).toBe(one.messageId)
    expect(other.messageId).not.toBe(one.messageId)
    expect(one.messageId).toMatch(/^<[0-9a-f]{64}@no-message-id\.invalid>$/)
  })

  it('with a Message-ID that is none gets one as well', async () => {
    for (const id of ['', 'nonsense', `<${'x'.repeat(2_000)}@a>`]) {
      const letter = await parseLetter(wire(`Message-ID: ${id}`, 'Subject: a', '', 'text'))
      expect(letter.messageId).toMatch(/@no-message-id\.invalid>$/)
    }
  })

  it('with no date, or one that is nonsense, has none', async () => {
    expect((await parseLetter(wire('Subject: a', '', 'x'))).date).toBeNull()
    expect((await parseLetter(wire('Date: yesterday, or so', '', 'x'))).date).toBeNull()
  })

  it('keeps file names out of other folders, and shows them as they are', async () => {
    const part = (name: string) => [
      '--x',
      'Content-Type: application/octet-stream',
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
      '',
      'x',
    ]
    const given = [
      '../../etc/passwd',
      '..\\..\\boot.ini',
      '..',
      '',
      'a\u202efdp.exe',
      'nul.txt',
      `${'ư'.repeat(300)}.docx`,
    ]
    const letter = await parseLetter(
      wire('Content-Type: multipart/mixed; boundary=x', '', ...given.flatMap(part), '--x--'),
    )
    const names = letter.attachments.map(({ name }) => name)
    expect(names.slice(0, -1)).toEqual(['passwd', 'boot.ini', 'attachment-3', 'attachment-4', 'afdp.exe', '_nul.txt'])
    expect(names.at(-1)).toMatch(/^ư+\.docx$/)
    expect(names.at(-1)?.length).toBe(150)
  })

  it('in an unknown character set, with bytes that are no text, is read as far as it goes', async () => {
    const letter = await parseLetter(
      wire('Subject: =?x-nowhere?Q?abc?=', 'Content-Type: text/plain; charset=x-nowhere', '', 'abc \x00\xff\x01 def'),
    )
    expect(letter.subject).toContain('abc')
    expect(letter.text).toMatch(/^abc .*def$/)

    expect(letter.text).not.toMatch(/[\u0000\u0001]/)
  })

  it('empty, or no letter at all, is still somebody’s letter', async () => {
    expect((await parseLetter(Buffer.alloc(0))).text).toBe('')
    const noise = await parseLetter(Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256)))
    expect(noise.messageId).toMatch(/@no-message-id\.invalid>$/)
  })
})

describe('a letter built to harm', () => {
  const unreadable = { code: 'letter-unreadable', permanent: true }

  it('with headers beyond all measure is refused', async () => {
    const huge = Array.from({ length: 30_000 }, (_, i) => `X-${i}: ${'y'.repeat(50)}`)
    await expect(parseLetter(wire(...huge, '', 'text'))).rejects.toMatchObject(unreadable)
  })

  it('with thousands of parts inside each other is refused', async () => {
    const lines: string[] = []
    for (let depth = 0; depth < 3_000; depth++) {
      lines.push(`Content-Type: multipart/mixed; boundary=b${depth}`, '', `--b${depth}`)
    }
    await expect(parseLetter(wire(...lines, 'Content-Type: text/plain', '', 'in there'))).rejects.toMatchObject(
      unreadable,
    )
  })

  it('with an endless page of HTML is refused', async () => {
    const page = `<div>${'<b>x</b>'.repeat(400_000)}</div>`
    await expect(parseLetter(wire('Content-Type: text/html', '', page))).rejects.toMatchObject(unreadable)
  })
})

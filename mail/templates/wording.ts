export type Language = 'vi' | 'en'

/** What a letter says; the sender adds addresses and the Message-ID. */
export interface Wording {
  subject: string
  text: string
  html: string
}

export interface LetterParts {
  language: Language
  /** Who it is written to, as a name. */
  to: string
  subject: string
  paragraphs: string[]
  facts: { label: string; value: string | null }[]
  /** Units or names, one to a line. */
  list?: string[]
  action: { label: string; url: string }
}

const PHRASES = {
  vi: {
    greeting: (name: string) => `Kính gửi đồng chí ${name},`,
    footer: 'Thư do Hệ thống xử lý văn bản điện tử (iMOIT) tự động gửi; vui lòng không trả lời thư này.',
  },
  en: {
    greeting: (name: string) => `Dear ${name},`,
    footer: 'Sent by the electronic document system (iMOIT); please do not reply to this letter.',
  },
}

/** Lays a letter out as plain text and as HTML that needs no picture, script or style sheet from elsewhere. */
export function compose(parts: LetterParts): Wording {
  const { greeting, footer } = PHRASES[parts.language]
  const facts = parts.facts.flatMap(({ label, value }) => (value === null || value === '' ? [] : [{ label, value }]))
  const list = parts.list ?? []
  const text = [
    greeting(parts.to),
    ...parts.paragraphs,
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    list.map((entry) => `- ${entry}`).join('\n'),
    `${parts.action.label}: ${parts.action.url}`,
    `--\n${footer}`,
  ]
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th align="left" style="padding:2px 16px 2px 0;font-weight:normal;color:#555">${escape(label)}</th><td>${escape(value)}</td></tr>`,
  )
  const html = [
    `<p>${escape(greeting(parts.to))}</p>`,
    ...parts.paragraphs.map((paragraph) => `<p>${escape(paragraph)}</p>`),
    rows.length > 0 ? `<table cellspacing="0" cellpadding="0">${rows.join('')}</table>` : '',
    list.length > 0 ? `<ul>${list.map((entry) => `<li>${escape(entry)}</li>`).join('')}</ul>` : '',
    `<p><a href="${escape(webAddress(parts.action.url))}">${escape(parts.action.label)}</a></p>`,
    `<p style="color:#555;font-size:small">${escape(footer)}</p>`,
  ]
  return {
    // A line break in a subject would begin another header.
    subject: parts.subject.replace(/\s+/g, ' ').trim(),
    text: `${text.filter((block) => block !== '').join('\n\n')}\n`,
    html: `<!doctype html><html lang="${parts.language}"><head><meta charset="utf-8"></head><body style="font-family:sans-serif">${html.join('')}</body></html>`,
  }
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** An instant (epoch ms) as Hanoi's clocks and calendars write it: `22/11/2026 15:30`. Null stays null. */
export function writeInstant(at: number | null): string | null {
  return at === null ? null : clock.format(at).replace(', ', ' ')
}

function webAddress(url: string): string {
  return /^https?:\/\//i.test(url) ? url : '#'
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

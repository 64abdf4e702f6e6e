/** What a person sees at the node's address: that it is a demonstration, and what it holds. No scripts. */
import { createHash } from 'node:crypto'
import { statusOf } from '../statuses.ts'
import type { ExchangeSystem } from './agency-directory.ts'
import type { MessageStore, StoredMessage } from './message-store.ts'

const style = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--warn:#8a4b00;--accent:#0b57a4}
@media(prefers-color-scheme:dark){:root{--warn:#ffb866;--accent:#8ec2ff}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.125rem;margin:2rem 0 .5rem}
.demo{border:2px solid var(--warn);color:var(--warn);padding:.5rem .75rem;border-radius:.5rem;font-weight:600}
.said{border-left:4px solid var(--accent);padding:.5rem .75rem;background:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid var(--line)}th{font-weight:600}
td ul{margin:0;padding-left:1rem}small{opacity:.8}code{overflow-wrap:anywhere}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:.375rem;background:#0b57a4;color:#fff;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}a{color:var(--accent)}
`
/** The one style block is allowed by its hash; nothing else runs or loads. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

export interface PageState {
  systems: ExchangeSystem[]
  messages: MessageStore
  /** Whether the form that sends the prepared letter is offered. */
  canSend: boolean
  notice?: string
}

const shownMessages = 100

/** The whole page. */
export function nodePage({ systems, messages, canSend, notice }: PageState): string {
  const newestFirst = messages.all().reverse()
  const sections = systems.map((system) => mailbox(system, newestFirst, messages)).join('')
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Nút trình diễn trục liên thông văn bản</title><style>${style}</style></head><body>
<main>
<p class="demo" role="note">TRÌNH DIỄN – đây không phải Văn phòng Chính phủ, không nối với trục liên thông quốc gia. Mọi văn bản ở đây đều là dữ liệu thử.
<br><span lang="en">Demonstration: this is not the Government Office and is connected to nobody.</span></p>
<h1>Nút trình diễn trục liên thông văn bản</h1>
${notice ? `<p class="said" role="status">${escapeHtml(notice)}</p>` : ''}
${canSend ? '<form method="post" action="/demonstration/send"><button>Gửi văn bản trình diễn</button></form>' : ''}
<p><a href="/">Tải lại trang</a></p>
${sections}
</main></body></html>
`
}

function mailbox(system: ExchangeSystem, newestFirst: StoredMessage[], messages: MessageStore): string {
  const documents = newestFirst.filter((message) => message.messageType === 'edoc')
  const sent = documents.filter((message) => message.systemId === system.systemId)
  const isMine = (message: StoredMessage) => message.deliveries.some(({ systemId }) => systemId === system.systemId)
  const received = documents.filter(isMine)
  const statuses = newestFirst.filter((message) => message.messageType === 'status' && isMine(message))
  return `<section><h2>${escapeHtml(system.name)} <small><code>${escapeHtml(system.organCode)}</code></small></h2>
${table(
  'Văn bản đã gửi',
  ['Thời gian', 'Số, ký hiệu', 'Trích yếu', 'Nơi nhận', 'Trạng thái nhận về'],
  sent,
  (message) => [
    time(message.createdTime),
    escapeHtml(message.code || message.documentId),
    escapeHtml(message.subject),
    list(message.deliveries.map(({ organId, status }) => `${escapeHtml(organId)}: ${transport[status]}`)),
    list(
      messages
        .statusesAbout(message)
        .map((status) => `${statusName(status.statusCode)} <small>${time(status.receivedTime)}</small>`),
    ),
  ],
)}
${table(
  'Văn bản nhận được',
  ['Thời gian', 'Số, ký hiệu', 'Trích yếu', 'Nơi gửi', 'Tình trạng'],
  received,
  (message) => [
    time(message.createdTime),
    escapeHtml(message.code || message.documentId),
    escapeHtml(message.subject),
    escapeHtml(message.from),
    list(
      message.deliveries.filter(({ systemId }) => systemId === system.systemId).map(({ status }) => transport[status]),
    ),
  ],
)}
${table(
  'Trạng thái nhận được',
  ['Thời gian', 'Về văn bản', 'Trạng thái', 'Nơi gửi', 'Ghi chú'],
  statuses,
  (message) => [
    time(message.createdTime),
    escapeHtml(message.code || message.documentId),
    statusName(message.businessStatus?.statusCode ?? ''),
    escapeHtml(message.from),
    escapeHtml(message.businessStatus?.description ?? ''),
  ],
)}</section>`
}

const transport = {
  initial: 'chưa lấy về',
  processing: 'đang lấy về',
  done: 'đã lấy về',
  fail: 'lấy về bị lỗi',
} as const

function table<T>(title: string, columns: string[], rows: T[], cells: (row: T) => string[]): string {
  if (rows.length === 0) return `<h3>${title}</h3><p><small>Chưa có.</small></p>`
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('')
  const body = rows
    .slice(0, shownMessages)
    .map(
      (row) =>
        `<tr>${cells(row)
          .map((cell) => `<td>${cell}</td>`)
          .join('')}</tr>`,
    )
    .join('\n')
  const more = rows.length > shownMessages ? `<p><small>Chỉ hiện ${shownMessages} mục mới nhất.</small></p>` : ''
  return `<h3>${title} (${rows.length})</h3><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${more}`
}

const list = (items: string[]) =>
  items.length === 0 ? '–' : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
const statusName = (code: string) => `${escapeHtml(code)} ${statusOf(code)?.vi ?? ''}`

const clock = new Intl.DateTimeFormat('vi-VN', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'Asia/Ho_Chi_Minh',
})
const time = (iso: string) => `<time datetime="${escapeHtml(iso)}">${clock.format(new Date(iso))}</time>`

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

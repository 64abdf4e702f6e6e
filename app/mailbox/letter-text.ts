/** A piece of a letter's text: `href` where it is an address to go to, `path` where that is a page of ours. */
export interface LetterPiece {
  text: string
  href?: string
  path?: string
}

/** Only http and https, so that no letter can make anything else run. */
const address = /\bhttps?:\/\/[^\s<>"'`{}|\\^\u0000-\u001f\u202a-\u202e\u2066-\u2069]+/gi
/** What ends a sentence rather than an address. */
const trailing = /[.,;:!?…”’»]+$/

/** Takes the addresses out of a letter's text. `origin` is our own, `http://127.0.0.1:3000`: what it leads to opens in the page. */
export function letterPieces(text: string, origin: string): LetterPiece[] {
  const pieces: LetterPiece[] = []
  let from = 0
  for (const found of text.matchAll(address)) {
    const shown = withoutTrailing(found[0])
    const to = URL.canParse(shown) ? new URL(shown) : null
    if (to === null || to.username !== '' || to.password !== '') continue
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) })
    const own = to.origin === origin
    pieces.push({ text: shown, href: to.href, ...(own ? { path: to.pathname + to.search + to.hash } : {}) })
    from = found.index + shown.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/** A bracket belongs to the address when it was opened in it. */
function withoutTrailing(found: string): string {
  let shown = found.replace(trailing, '')
  for (const [open, close] of ['()', '[]'] as const) {
    while (shown.endsWith(close ?? '') && count(shown, close ?? '') > count(shown, open ?? ''))
      shown = shown.slice(0, -1).replace(trailing, '')
  }
  return shown
}

const count = (text: string, sign: string) => text.split(sign).length - 1

/** `Đỗ Thị Thủy <thuy@moit.example>` in two. */
export function correspondent(written: string): { name: string; address: string } {
  const found = /^(.*?)\s*<([^<>]+)>\s*$/.exec(written)
  if (!found) return { name: written, address: written }
  const [, name = '', address = ''] = found
  return { name: name || address, address }
}

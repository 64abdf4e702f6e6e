import { describe, expect, it } from 'vitest'
import { correspondent, letterPieces } from './letter-text.ts'

const origin = 'http://127.0.0.1:3000'
const links = (text: string) =>
  letterPieces(text, origin)
    .filter(({ href }) => href !== undefined)
    .map(({ text: shown, href, path }) => (path === undefined ? [shown, href] : [shown, href, path]))

describe('the text of a letter', () => {
  it('stays whole, with its addresses to go to', () => {
    const text = 'Xem https://vpcp.example/a?b=1&c=2, và (http://x.example/y_(z)). Hết.'
    const pieces = letterPieces(text, origin)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(links(text)).toEqual([
      ['https://vpcp.example/a?b=1&c=2', 'https://vpcp.example/a?b=1&c=2'],
      ['http://x.example/y_(z)', 'http://x.example/y_(z)'],
    ])
  })

  it('opens our own pages in the page', () => {
    expect(links(`Mở: ${origin}/tasks/1?a=b#c`)).toEqual([
      [`${origin}/tasks/1?a=b#c`, `${origin}/tasks/1?a=b#c`, '/tasks/1?a=b#c'],
    ])
  })

  it('makes nothing of what runs or hides where it goes', () => {
    expect(links('javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd')).toEqual([])
    expect(links('https://bank.example@evil.example/ https://a:b@c.example')).toEqual([])
    expect(links('http://')).toEqual([])
    expect(letterPieces('https://imoit.example.evil.example/tasks', 'https://imoit.example')[0]?.path).toBeUndefined()
    expect(links('<https://x.example/"onmouseover="alert(1)>')).toEqual([['https://x.example/', 'https://x.example/']])
  })
})

describe('who wrote', () => {
  it.each([
    ['Đỗ Thị Thủy <thuy@moit.example>', 'Đỗ Thị Thủy', 'thuy@moit.example'],
    ['thuy@moit.example', 'thuy@moit.example', 'thuy@moit.example'],
    ['<thuy@moit.example>', 'thuy@moit.example', 'thuy@moit.example'],
    ['', '', ''],
  ])('%j is %j at %j', (written, name, address) => {
    expect(correspondent(written)).toEqual({ name, address })
  })
})

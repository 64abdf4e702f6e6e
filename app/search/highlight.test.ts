import { expect, it } from 'vitest'
import { highlight } from './highlight.ts'

const hits = (text: string, asked: string) =>
  highlight(text, asked)
    .filter((piece) => piece.hit)
    .map((piece) => piece.text)

it('marks the words of a search as they are written, whatever was typed', () => {
  expect(hits('Đẩy mạnh dịch vụ công', 'dich DAY')).toEqual(['Đẩy', 'dịch'])
  expect(hits('Đẩy mạnh'.normalize('NFD'), 'mạnh')).toEqual(['mạnh'])
  expect(hits('Số 7816/VPCP-TTĐT', '7816/vpcp-ttdt')).toEqual(['7816/VPCP-TTĐT'])
})

it('leaves the text whole, also where nothing was found', () => {
  const text = 'Văn phòng – Chính phủ “ơ, ư”'
  expect(
    highlight(text, 'chính ư')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text)
  expect(highlight(text, '')).toEqual([{ text, hit: false }])
  expect(highlight('', 'a')).toEqual([])
})

import { describe, expect, it } from 'vitest'
import en from '../translations/en/decisions.json'
import vi from '../translations/vi/decisions.json'
import { inputWords, outputWords } from './cell-words.ts'

const sayer =
  (words: Record<string, string>) =>
  (key: string, values: Record<string, string> = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{{${name}}}`, value), words[key] ?? `? ${key}`)

describe('what a cell asks of', () => {
  it.each([
    ['', 'bất kỳ', 'anything'],
    ['-', 'bất kỳ', 'anything'],
    ['"pháp chế"', 'pháp chế', 'pháp chế'],
    ['"pháp chế", "văn bản, quy phạm"', 'pháp chế hoặc văn bản, quy phạm', 'pháp chế or văn bản, quy phạm'],
    ['not("a", "b")', 'khác a hoặc b', 'other than a or b'],
    ['< 5', 'dưới 5', 'below 5'],
    ['>= 5, null', 'từ 5 trở lên hoặc để trống', '5 or more or nothing'],
    ['[1..5]', 'từ 1 đến 5', 'from 1 to 5'],
    ['true', 'có', 'yes'],
    ['not(a) and not(b)', 'not(a) and not(b)', 'not(a) and not(b)'],
    ['list contains(units, "PC")', 'list contains(units, "PC")', 'list contains(units, "PC")'],
  ])('%s is said in words', (cell, inVietnamese, inEnglish) => {
    expect(inputWords(cell, sayer(vi.cell))).toBe(inVietnamese)
    expect(inputWords(cell, sayer(en.cell))).toBe(inEnglish)
  })
})

describe('what a cell answers', () => {
  it.each([
    ['"TMDT"', 'TMDT'],
    ['"Vụ \\"X\\""', 'Vụ "X"'],
    ['10', '10'],
    ['days + 2', 'days + 2'],
    ['', '–'],
  ])('%s is said in words', (cell, words) => {
    expect(outputWords(cell, sayer(vi.cell))).toBe(words)
  })
})

import { describe, expect, it } from 'vitest'
import { asDisposition, readRange } from './file-response.ts'

describe('the name of a file that is handed out', () => {
  it('is there whole for programs of today and plain for old ones', () => {
    expect(asDisposition('Công văn số 7816 (Đề án).pdf', false)).toBe(
      `attachment; filename="Cong van so 7816 (De an).pdf"; filename*=UTF-8''C%C3%B4ng%20v%C4%83n%20s%E1%BB%91%207816%20%28%C4%90%E1%BB%81%20%C3%A1n%29.pdf`,
    )
  })

  it('cannot end its header or add another', () => {
    const header = asDisposition('a"; filename="b.exe\r\nSet-Cookie: x=1', true)
    expect(header).not.toMatch(/[\r\n]/)
    expect(header.match(/"/g)).toHaveLength(2)
    expect(() => new Headers({ 'Content-Disposition': header })).not.toThrow()
  })
})

describe('a range of a file', () => {
  const of = (range?: string, more: Record<string, string> = {}) =>
    readRange(new Headers({ ...(range ? { range } : {}), ...more }), { size: 1000, etag: '"abc"' })

  it('is read as both ends, from the start, to the end and from behind', () => {
    expect(of('bytes=0-99')).toEqual({ start: 0, end: 99 })
    expect(of('bytes=900-')).toEqual({ start: 900, end: 999 })
    expect(of('bytes=-100')).toEqual({ start: 900, end: 999 })
    expect(of('bytes=-5000')).toEqual({ start: 0, end: 999 })
    expect(of('bytes=990-5000')).toEqual({ start: 990, end: 999 })
  })

  it('beyond the end cannot be satisfied', () => {
    expect(of('bytes=1000-')).toBe('unsatisfiable')
    expect(of('bytes=-0')).toBe('unsatisfiable')
  })

  it('is the whole where none, several or nonsense is asked for, or the content has changed', () => {
    for (const range of [undefined, 'bytes=0-1,5-6', 'bytes=-', 'lines=1-2', 'bytes=9-1', 'bytes=a-b'])
      expect(of(range)).toBeNull()
    expect(of('bytes=0-99', { 'if-range': '"other"' })).toBeNull()
    expect(of('bytes=0-99', { 'if-range': '"abc"' })).toEqual({ start: 0, end: 99 })
  })
})

import { describe, expect, it } from 'vitest'
import { readListQuery, withParams } from './list-query.ts'

const read = (search: string) =>
  readListQuery(`http://imoit.test/documents${search}`, { sortable: ['code', 'receivedAt'], by: '-receivedAt' })

describe('a list’s address', () => {
  it('says order and page', () => {
    expect(read('?sort=code&page=3')).toEqual({ sort: 'code', descending: false, page: 3, pageSize: 40, offset: 80 })
  })

  it.each(['', '?sort=passwordHash', '?page=-4', '?page=abc', '?sort=-'])(
    'falls back on what it does not know: %s',
    (search) => {
      expect(read(search)).toMatchObject({ sort: 'receivedAt', descending: true, page: 1, offset: 0 })
    },
  )

  it('changes some parameters and keeps the others', () => {
    expect(withParams('?state=received&page=4', { sort: '-code', page: null })).toBe('?state=received&sort=-code')
  })
})

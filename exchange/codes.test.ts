import { describe, expect, it } from 'vitest'
import { documentTypeByName, wireDocumentType } from './document-types.ts'
import { documentIdOf, sameOrgan, shortOrganCode } from './organ-codes.ts'
import { statusCodes, statusOf } from './statuses.ts'

describe('codes of the exchange', () => {
  it('knows the nine business statuses and no other', () => {
    expect(statusCodes).toEqual(['01', '02', '03', '04', '05', '06', '13', '15', '16'])
    expect(statusOf('03')).toMatchObject({ vi: 'Đã tiếp nhận, vào sổ' })
    expect(statusOf('1')).toBeUndefined()
  })

  it('finds the kind of a document by its name, not by the ambiguous number', () => {
    expect(documentTypeByName(' CÔNG  VĂN ')).toMatchObject({ ordinal: 18, abbreviation: '' })
    expect(documentTypeByName('Quyết định (cá biệt)')).toMatchObject({ ordinal: 2, abbreviation: 'QĐ' })
    expect(documentTypeByName('Thông tư')).toMatchObject({ ordinal: null })
    expect(documentTypeByName('thông báo'.normalize('NFD'))?.name).toBe('Thông báo')
    expect(documentTypeByName('thông cáo')?.name).toBe('Thông cáo')
    expect(documentTypeByName('Thực đơn')).toBeUndefined()
    expect(wireDocumentType('công văn')).toEqual({ type: 18, typeDetail: '', typeName: 'Công văn' })
    expect(wireDocumentType('Thông tư').type).toBe(1)
  })

  it('turns agency codes round', () => {
    expect(shortOrganCode('000.00.00.G02')).toBe('G02')
    expect(shortOrganCode('000.02.02.H37')).toBe('H37.02.02')
    expect(shortOrganCode('G09.20')).toBe('G09.20')
    expect(sameOrgan('G02', '000.00.00.G02')).toBe(true)
    expect(sameOrgan('G02', '000.00.00.G22')).toBe(false)
  })

  it('names a document as the Government Office does', () => {
    expect(documentIdOf({ organId: '000.00.00.G22', date: '2015-09-30', number: '7816', notation: 'VPCP-TTĐT' })).toBe(
      '000.00.00.G22,2015/09/30,7816/VPCP-TTĐT',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { proposedUnits } from './proposed-units.ts'

const units = [
  { code: 'VP', name: 'Văn phòng Bộ', notation: 'BCT-VP' },
  { code: 'TMDT', name: 'Cục Thương mại điện tử và Kinh tế số', notation: 'BCT-TMĐT' },
  { code: 'PC', name: 'Vụ Pháp chế', notation: 'BCT-PC' },
  { code: 'XNK', name: 'Cục Xuất nhập khẩu', notation: 'BCT-XNK' },
]

describe('the units of a proposal', () => {
  it('are read from their names and abbreviations, with and without accents', () => {
    expect(proposedUnits('Giao Cục TMĐT chủ trì, phối hợp với Vụ Pháp chế, cuc xuat nhap khau trả lời', units)).toEqual(
      {
        lead: 'TMDT',
        coordinating: ['PC', 'XNK'],
      },
    )
  })

  it('are left open where two could lead, or nobody is said to', () => {
    expect(proposedUnits('Vụ Pháp chế hoặc Cục XNK chủ trì', units)).toEqual({ lead: null, coordinating: [] })
    expect(proposedUnits('Kính trình Thứ trưởng chỉ đạo Văn phòng Bộ', units)).toEqual({ lead: null, coordinating: [] })
    expect(proposedUnits(null, units)).toEqual({ lead: null, coordinating: [] })
  })
})

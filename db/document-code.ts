/**
 * Number and notation of a document that the ministry issues (NĐ 30/2020, Phụ lục I, ô số 3): `55/TB-BCT`; an official letter
 * names no kind but the drafting unit: `123/BCT-XNK`. Numbers below 10 get a zero in front.
 */
export function documentCode(document: {
  number: number
  abbreviation: string | null
  agency: string
  unitNotation: string | null
}): {
  number: string
  notation: string
  code: string
} {
  const number = String(document.number).padStart(2, '0')
  const notation = document.abbreviation
    ? `${document.abbreviation}-${document.agency}`
    : (document.unitNotation ?? document.agency)
  return { number, notation, code: `${number}/${notation}` }
}

/**
 * Folds text for search: lower case, no accents, `đ` as `d`, runs of anything else than letters, digits and `/-` as one space.
 * The same function folds what is stored and what is asked, so that accents never decide whether something is found.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/-]+/gu, ' ')
    .trim()
}

/** What a document is found by: number and notation, agency, subject. */
export function documentSearchText(document: {
  code: string | null
  agencyName: string
  subject: string
  registerNumber?: number | null
}): string {
  return foldForSearch(
    [document.registerNumber ?? '', document.code ?? '', document.agencyName, document.subject].join(' '),
  ).slice(0, 4000)
}

/**
 * Identification codes of agencies. The older form has four levels, right to left (`000.00.00.G02`, 13 characters); since
 * QĐ 20/2020/QĐ-TTg the order is left to right and unused levels fall away (`G02`, `H37.02.02`, at most 35 characters).
 */
const older = /^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$/

/** The QĐ 20/2020 form of a code; a code not in the older form is returned as it is. */
export function shortOrganCode(code: string): string {
  const match = older.exec(code)
  if (!match) return code
  const levels = [match[4], match[3], match[2], match[1]].map((level) => level ?? '')
  while (levels.length > 1 && /^0+$/.test(levels.at(-1) ?? '')) levels.pop()
  return levels.join('.')
}

/** Whether two codes name the same agency, whichever form each is written in. */
export function sameOrgan(a: string, b: string): boolean {
  return shortOrganCode(a.trim()) === shortOrganCode(b.trim())
}

/** `<OrganId>,<yyyy/MM/dd>,<số>/<ký hiệu>`: how the exchange names a document. `date` is `yyyy-MM-dd`. */
export function documentIdOf(document: { organId: string; date: string; number: string; notation: string }): string {
  return `${document.organId},${document.date.replaceAll('-', '/')},${document.number}/${document.notation}`
}

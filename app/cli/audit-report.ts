import type { AuditCheck, BrokenLink } from '#db/audit-check.ts'
import { formatsOf } from '../format.ts'
import type { Language } from '../language.ts'

/** What a check found, as lines for the console; the first broken link comes first. */
export function auditReport(check: AuditCheck, language: Language): string[] {
  const { number } = formatsOf(language)
  const read =
    language === 'vi'
      ? `Đã đọc ${number(check.caseEvents)} sự kiện của ${number(check.cases)} hồ sơ và ${number(check.auditEvents)} sự kiện ngoài hồ sơ.`
      : `Read ${number(check.caseEvents)} events of ${number(check.cases)} cases and ${number(check.auditEvents)} events outside cases.`
  if (check.brokenChains === 0) return [read, language === 'vi' ? 'Nhật ký nguyên vẹn.' : 'The audit is whole.']
  const head =
    language === 'vi'
      ? `Nhật ký KHÔNG nguyên vẹn: ${number(check.brokenChains)} chuỗi bị hỏng. Chỗ hỏng đầu tiên của mỗi chuỗi:`
      : `The audit is NOT whole: ${number(check.brokenChains)} broken ${check.brokenChains === 1 ? 'chain' : 'chains'}. The first broken link of each:`
  const more = check.brokenChains - check.broken.length
  const rest = language === 'vi' ? `  … và ${number(more)} chuỗi khác` : `  … and ${number(more)} more`
  return [read, head, ...check.broken.map((link) => `  ${lineOf(link, language)}`), ...(more > 0 ? [rest] : [])]
}

const faults = {
  vi: { changed: 'đã bị sửa', missing: 'bị thiếu', unknown: 'không do hệ thống ghi' },
  en: { changed: 'was changed', missing: 'is missing', unknown: 'was not written by the system' },
}

function lineOf({ caseId, seq, fault }: BrokenLink, language: Language): string {
  const chain =
    language === 'vi'
      ? caseId === null
        ? 'ngoài hồ sơ'
        : `hồ sơ ${caseId}`
      : caseId === null
        ? 'outside cases'
        : `case ${caseId}`
  return language === 'vi'
    ? `${chain}: sự kiện ${seq} ${faults.vi[fault]}`
    : `${chain}: event ${seq} ${faults.en[fault]}`
}

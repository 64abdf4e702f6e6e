import exceljs from 'exceljs'
import type { OpinionLine } from '#db/opinions.ts'
import type { Language } from '../language.ts'
import { isStance } from '../tasks/StanceMark.tsx'
import { standingOf } from './OpinionTable.tsx'

/** Spreadsheets know no zones: the day and the hour of the office are written as if they were UTC's. */
const asOffice = (instant: number | null) => (instant === null ? null : new Date(instant + 7 * 3_600_000))

/** The units' opinions as .xlsx, a line for each unit. */
export async function opinionSpreadsheet(
  lines: readonly OpinionLine[],
  language: Language,
  t: (key: string) => string,
): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet(t('tasks:opinions.table').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: 1 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  })
  const day = { numFmt: 'dd/mm/yyyy hh:mm' }
  sheet.columns = [
    { key: 'unit', width: 36 },
    { key: 'stance', width: 22 },
    { key: 'words', width: 80, style: { alignment: { wrapText: true, vertical: 'top' as const } } },
    { key: 'person', width: 28 },
    { key: 'answered', width: 18, style: day },
    { key: 'due', width: 18, style: day },
  ].map((column) => ({ ...column, header: t(`tasks:opinions.${column.key}`) }))
  sheet.getRow(1).font = { bold: true }
  for (const line of lines) {
    const standing = standingOf(line)
    sheet.addRow({
      unit: language === 'vi' ? line.unitName : line.unitNameEn,
      stance: t(isStance(standing) ? `tasks:stance.${standing}` : `tasks:opinions.standing.${standing}`),
      words: line.opinion,
      person: line.fullName,
      answered: asOffice(line.answeredAt),
      due: asOffice(line.dueAt),
    })
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}

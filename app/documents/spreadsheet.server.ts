import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import exceljs from 'exceljs'
import type { Direction, DocumentLine } from '#db/document-list.ts'
import { formatsOf } from '../format.ts'
import type { Language } from '../language.ts'

/** Lines read at a time: what the database answers in a blink, and what is held in memory. */
const portion = 1000
/** A spreadsheet of more is no help to anybody; what is left out is said in its last line. */
const mostLines = 50_000

type Words = (key: string, values?: Record<string, unknown>) => string
type Cell = string | number | Date | null

interface SheetColumn {
  key: string
  width: number
  of: (line: DocumentLine) => Cell
  format?: string
}

/** Spreadsheets know no zones: the day and the hour of the office are written as if they were UTC's. */
const asOffice = (instant: number) => new Date(instant + 7 * 3_600_000)
const asDay = (day: string | null) => (day === null ? null : new Date(`${day}T00:00:00Z`))

/** The columns of the book, then what the book does not know; days as days, so that they can be sorted and reckoned with. */
function columnsOf(direction: Direction, language: Language, t: Words): SheetColumn[] {
  const pick = (vi: string | null, en: string | null) => (language === 'vi' ? vi : (en ?? vi))
  const incoming = direction === 'incoming'
  const day: SheetColumn = {
    key: incoming ? 'arrived' : 'day',
    width: 12,
    of: (line) => asDay(line.day),
    format: 'dd/mm/yyyy',
  }
  const number: SheetColumn = {
    key: incoming ? 'arrivalNumber' : 'registerNumber',
    width: 10,
    of: (line) => line.registerNumber,
  }
  const rest: SheetColumn[] = [
    { key: 'code', width: 20, of: (line) => line.code },
    { key: 'issued', width: 12, of: (line) => asDay(line.issuedOn), format: 'dd/mm/yyyy' },
    { key: 'author', width: 28, of: (line) => line.agencyName },
    { key: 'kind', width: 16, of: (line) => pick(line.kindName, line.kindNameEn) },
    { key: 'subject', width: 70, of: (line) => line.subject },
    { key: 'signer', width: 22, of: (line) => line.signerName },
    { key: 'recipients', width: 30, of: (line) => line.recipients },
    { key: incoming ? 'receiver' : 'drafter', width: 30, of: (line) => pick(line.unitName, line.unitNameEn) },
    {
      key: 'due',
      width: 17,
      of: (line) => (line.dueAt === null ? null : asOffice(line.dueAt)),
      format: 'dd/mm/yyyy hh:mm',
    },
    { key: 'urgency', width: 14, of: (line) => t(`common:urgency.${line.urgency}`) },
    { key: 'state', width: 18, of: (line) => t(`common:state.${line.state}`) },
  ]
  return [day, number, ...rest]
}

/**
 * A list as .xlsx, written while it is read. `read` gives the lines from an offset on, in the list's order and only those that
 * the person may see. It stops when `signal` says that nobody waits for it any more.
 */
export function documentSpreadsheet({
  direction,
  language,
  t,
  title,
  read,
  signal,
}: {
  direction: Direction
  language: Language
  t: Words
  title: string
  read: (offset: number, limit: number) => Promise<DocumentLine[]>
  signal: AbortSignal
}): Readable {
  const out = new PassThrough()
  void write().catch((error: Error) => out.destroy(error))
  return out

  async function write() {
    const book = new exceljs.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
    // Excel allows 31 characters and none of these in a sheet's name.
    const sheet = book.addWorksheet(title.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31), {
      views: [{ state: 'frozen', ySplit: 1 }],
      pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    })
    const columns = columnsOf(direction, language, t)
    sheet.columns = columns.map(({ key, width, format }) => ({
      header: t(`documents:sheet.${key}`),
      key,
      width,
      ...(format ? { style: { numFmt: format } } : {}),
    }))
    sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } }
    sheet.getRow(1).font = { bold: true }
    sheet.getRow(1).commit()
    // A document that arrives meanwhile moves the others on: nothing is written twice.
    const written = new Set<string>()
    for (let offset = 0; offset < mostLines && !signal.aborted; offset += portion) {
      const lines = await read(offset, portion)
      for (const line of lines) {
        if (written.has(line.id)) continue
        written.add(line.id)
        sheet.addRow(Object.fromEntries(columns.map(({ key, of }) => [key, of(line)]))).commit()
      }
      if (out.writableNeedDrain) await once(out, 'drain', { signal })
      if (lines.length < portion) break
    }
    if (written.size >= mostLines)
      sheet.addRow([t('documents:sheet.cut', { most: formatsOf(language).number(mostLines) })]).commit()
    sheet.commit()
    await book.commit()
  }
}

import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

/** Rows of a CSV file with a heading row; an empty cell is an empty string. */
export function readCsv(file: URL): Record<string, string>[] {
  return parse(readFileSync(file), { columns: true, skip_empty_lines: true, bom: true })
}

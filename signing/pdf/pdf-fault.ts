/** The file is not built as ISO 32000 says, at `offset`. What is read for signatures is never repaired by guessing. */
export class PdfFault extends Error {
  override readonly name = 'PdfFault'
  readonly offset: number
  constructor(what: string, offset: number) {
    super(`${what} (at byte ${offset})`)
    this.offset = offset
  }
}

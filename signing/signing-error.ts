export interface Sentence {
  vi: string
  en: string
}

/**
 * Something about a signature could not be done. The sentences are for the person who asked: what happened, what is
 * safe, what to do next; `code` is for the caller, `status` for the answer, `cause` for the log.
 */
export class SigningError extends Error {
  override readonly name = 'SigningError'
  readonly code: string
  readonly status: number
  readonly vi: string
  readonly en: string

  constructor(code: string, status: number, sentence: Sentence, cause?: unknown) {
    super(`${code}: ${sentence.en}`, { cause })
    this.code = code
    this.status = status
    this.vi = sentence.vi
    this.en = sentence.en
  }
}

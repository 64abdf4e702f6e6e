/** A part could not be brought up. The sentences are for the person at the console; `cause` is for the log. */
export class StartError extends Error {
  readonly code: string
  readonly status = 503
  readonly vi: string
  readonly en: string

  constructor(code: string, sentences: { vi: string; en: string }, cause?: unknown) {
    super(sentences.en, { cause })
    this.name = 'StartError'
    this.code = code
    this.vi = sentences.vi
    this.en = sentences.en
  }
}

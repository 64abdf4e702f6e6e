/** What a person or a peer is told, in both languages: what happened, what is safe, what to do next. */
export interface Sentence {
  vi: string
  en: string
}

/** A request that was understood and is not carried out. Nothing of it was written. */
export class Refusal extends Error {
  readonly code: string
  /** HTTP status. */
  readonly status: number
  readonly sentence: Sentence
  /** Sentences beside fields, by the field's name. */
  readonly fields: Record<string, Sentence>

  constructor(code: string, status: number, sentence: Sentence, fields: Record<string, Sentence> = {}) {
    super(`${code}: ${sentence.en}`)
    this.name = 'Refusal'
    this.code = code
    this.status = status
    this.sentence = sentence
    this.fields = fields
  }
}

export const notFound = () =>
  new Refusal('not-found', 404, {
    vi: 'Không tìm thấy nội dung này, hoặc nội dung không thuộc phạm vi của đồng chí. Hãy kiểm tra lại đường dẫn.',
    en: 'This does not exist or is not yours to see. Check the address.',
  })

export const taskIsNotYours = () =>
  new Refusal('task-not-yours', 403, {
    vi: 'Việc này được giao cho người khác nên chưa có gì thay đổi. Nếu cần xử lý, hãy đề nghị người giao việc chuyển lại.',
    en: 'This task is somebody else’s, so nothing was changed. Ask whoever assigned it to pass it on to you.',
  })

export const taskHasEnded = (by: string | null) =>
  new Refusal('task-ended', 409, {
    vi: by
      ? `${by} đã hoàn thành việc này trước đó. Nội dung đồng chí vừa gửi chưa được ghi; hãy mở văn bản để xem kết quả.`
      : 'Việc này đã kết thúc. Nội dung đồng chí vừa gửi chưa được ghi; hãy mở văn bản để xem kết quả.',
    en: by
      ? `${by} completed this task before you. What you sent was not recorded; open the document to see the result.`
      : 'This task has ended. What you sent was not recorded; open the document to see the result.',
  })

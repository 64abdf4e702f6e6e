import { Refusal } from '#db/refusal.ts'

/** The JSON of a request that the designer's scripts made. Throws Refusal `not-json`. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return (await request.json()) as unknown
  } catch (cause) {
    const refusal = new Refusal('not-json', 400, {
      vi: 'Yêu cầu không đọc được nên chưa có gì thay đổi. Hãy tải lại trang rồi thử lại.',
      en: 'The request could not be read, so nothing was changed. Load the page again and try once more.',
    })
    throw Object.assign(refusal, { cause })
  }
}

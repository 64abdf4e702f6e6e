import type { z } from 'zod'
import { Refusal } from '#db/refusal.ts'

/** What the designer's scripts sent, as the schema has it. Throws Refusal `not-json` for anything else. */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.infer<Schema>> {
  try {
    return schema.parse(await request.json())
  } catch (cause) {
    const refusal = new Refusal('not-json', 400, {
      vi: 'Yêu cầu không đọc được nên chưa có gì thay đổi. Hãy tải lại trang rồi thử lại.',
      en: 'The request could not be read, so nothing was changed. Load the page again and try once more.',
    })
    throw Object.assign(refusal, { cause })
  }
}

import { z } from 'zod'
import { optionalText, text } from './fields.ts'

/** Made when the page was: sent twice, the document is begun once. */
const key = z.uuid()

/** Paper that arrived; the rest of its facts are entered when it is registered. */
export const paperSchema = z.object({ key, subject: text(500) })

/** An internal document as its author hands it to the registry. */
export const newNoticeSchema = z.object({
  key,
  kindCode: text(20),
  subject: text(500),
  signerName: optionalText(50),
  signerPosition: optionalText(100),
  // Browsers send lines with CR LF.
  recipients: text(1000).transform((value) => value.replaceAll('\r\n', '\n')),
  recipientUnits: z.array(z.string(), { error: 'tasks:error.chooseUnit' }).min(1, { error: 'tasks:error.chooseUnit' }),
})

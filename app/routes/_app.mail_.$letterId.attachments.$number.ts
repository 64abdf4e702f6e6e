import { createReadableStreamFromReadable } from '@remix-run/node'
import { letter } from '#db/letters.ts'
import { notFound } from '#db/refusal.ts'
import { asDisposition } from '../file-response.ts'
import { guardedLoader } from '../guard.server.ts'

/** What a browser might run or show as a page goes out as mere bytes. */
const harmless = /^(application\/(pdf|zip|msword|vnd\.[\w.+-]+)|image\/(png|jpeg|gif|tiff|webp)|text\/(plain|csv))$/

/** An attachment of a letter in the person's own mailbox, counted from 1: always to save, never shown in the page. */
export const loader = guardedLoader('mailbox:read', async ({ params, db, files, person }) => {
  const found = await letter(db, person.email, params.letterId ?? '')
  const attachment = /^[1-9]\d{0,3}$/.test(params.number ?? '')
    ? found?.attachments[Number(params.number) - 1]
    : undefined
  const opened = attachment && (await files.open(attachment.sha256))
  if (!opened) throw notFound()
  return new Response(createReadableStreamFromReadable(opened.stream), {
    headers: {
      'Content-Type': harmless.test(attachment.mediaType) ? attachment.mediaType : 'application/octet-stream',
      'Content-Length': String(opened.size),
      'Content-Disposition': asDisposition(attachment.name, false),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, no-store',
    },
  })
})

import { Readable } from 'node:stream'
import { MINISTRY } from '#db/outgoing.ts'
import { bookLines } from '#db/registers.ts'
import { notFound } from '#db/refusal.ts'
import { asDisposition } from '../file-response.ts'
import { guardedLoader } from '../guard.server.ts'
import { registerBookPdf } from '../print/register-book.ts'
import { bookOf, volumeLines } from '../registers/books.ts'

/** `/registers/incoming/2026.pdf`: the book of a year, `?volume=2` its second volume. */
export const loader = guardedLoader('register-book:print', async ({ request, params, db, viewer }) => {
  const book = bookOf(params.book)
  const year = Number(/^(\d{4})\.pdf$/.exec(params.file ?? '')?.[1])
  const volume = Number(new URL(request.url).searchParams.get('volume') ?? 1)
  if (!book || !year || !Number.isInteger(volume) || volume < 1) throw notFound()
  const { lines, total } = await bookLines(db, viewer, {
    book,
    year,
    from: (volume - 1) * volumeLines,
    limit: volumeLines,
  })
  const volumes = Math.max(1, Math.ceil(total / volumeLines))
  if (volume > 1 && lines.length === 0) throw notFound()

  const pdf = await registerBookPdf({ book, year, agency: MINISTRY.name, lines, volume, volumes })
  const name = `${book === 'incoming' ? 'Sổ văn bản đến' : 'Sổ văn bản đi'} ${year}${volumes > 1 ? ` quyển ${volume}` : ''}.pdf`
  return new Response(Readable.toWeb(pdf) as ReadableStream, {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': asDisposition(name, true),
      'Cache-Control': 'private, no-store, no-transform',
    },
  })
})

import { Readable } from 'node:stream'
import { documentSorts, listDocuments, type Direction } from '#db/document-list.ts'
import { notFound } from '#db/refusal.ts'
import { isUuid } from '#db/task-page.ts'
import { filterOf, sortedBy } from '../documents/list.server.ts'
import { documentSpreadsheet } from '../documents/spreadsheet.server.ts'
import { asDisposition } from '../file-response.ts'
import { formatsOf } from '../format.ts'
import { guardedLoader } from '../guard.server.ts'
import { translatorOf } from '../i18n.server.ts'
import { readListQuery } from '../list-query.ts'

const lists: Record<string, Direction> = {
  'incoming.xlsx': 'incoming',
  'outgoing.xlsx': 'outgoing',
  'internal.xlsx': 'internal',
}

/** A list of documents as a spreadsheet: filtered and sorted as its address says, or the lines ticked (`of=ticked&id=…`). */
export const loader = guardedLoader('document:download', async ({ request, params, db, viewer, person, now }) => {
  const direction = lists[params.file ?? '']
  if (!direction) throw notFound()
  const search = new URL(request.url).searchParams
  const ticked = search.get('of') === 'ticked' ? search.getAll('id').filter(isUuid) : null
  const filter = ticked ? { direction, ids: ticked } : filterOf(direction, search)
  const { sort, descending } = readListQuery(request.url, { sortable: documentSorts, by: sortedBy })
  const { t } = await translatorOf(person.language)
  const title = t(`documents:list.${direction}`)
  const sheet = documentSpreadsheet({
    direction,
    language: person.language,
    t,
    title,
    read: (offset, limit) => listDocuments(db, viewer, filter, { sort, descending, offset, limit }),
    signal: request.signal,
  })
  const day = formatsOf(person.language).date(now).replaceAll('/', '-')
  return new Response(Readable.toWeb(sheet) as ReadableStream, {
    headers: {
      'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'Content-Disposition': asDisposition(`${title} ${day}.xlsx`, false),
      'Cache-Control': 'private, no-store, no-transform',
    },
  })
})

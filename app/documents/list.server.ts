import {
  documentFacets,
  documentSorts,
  dueClasses,
  listDocuments,
  type Direction,
  type DocumentFilter,
} from '#db/document-list.ts'
import { arrangedList } from '#db/person-lists.ts'
import { documentStates } from '#db/tables/documents.ts'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery } from '../list-query.ts'

const pageSizes = [25, 50] as const

/** The order of a list that was not sorted by hand: as the book is written, newest first. */
export const sortedBy = '-date'

/** The loader of one of the three lists. What the address asks for and does not exist is left out of the question. */
export const documentListLoader = (direction: Direction) =>
  guardedLoader('document:read', async ({ request, db, viewer, person }) => {
    const params = new URL(request.url).searchParams
    const pageSize = pageSizes.find((size) => String(size) === params.get('size')) ?? pageSizes[0]
    const query = readListQuery(request.url, { sortable: documentSorts, by: sortedBy, pageSize })
    const filter = filterOf(direction, params)
    const [rows, { facets, total, more }, arranged] = await Promise.all([
      listDocuments(db, viewer, filter, { ...query, limit: pageSize }),
      documentFacets(db, viewer, filter),
      arrangedList(db, person.id, direction),
    ])
    return { direction, rows, facets, arranged, total, more, page: query.page, pageSize, sizes: pageSizes, sortedBy }
  })

/** What the address of a list asks for. */
export function filterOf(direction: Direction, params: URLSearchParams): DocumentFilter {
  const oneOf = <Value extends string>(name: string, values: readonly Value[]) =>
    values.find((value) => value === params.get(name)) ?? null
  const code = (name: string) => {
    const value = params.get(name)
    return value && /^[\p{L}\d.-]{1,35}$/u.test(value) ? value : null
  }
  const day = (name: string) => {
    const value = params.get(name)
    return value && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null
  }
  const urgency = oneOf('urgency', ['0', '1', '2', '3', '4'])
  return {
    direction,
    state: oneOf('state', documentStates),
    unit: code('unit'),
    kind: code('kind'),
    urgency: urgency === null ? null : Number(urgency),
    due: oneOf('due', dueClasses),
    from: day('from'),
    to: day('to'),
    text: params.get('text')?.slice(0, 200) ?? null,
  }
}

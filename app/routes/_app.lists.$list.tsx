import { redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { hideColumns, removeView, saveView } from '#db/person-lists.ts'
import { notFound, Refusal } from '#db/refusal.ts'
import { isDirection, optionalColumns, viewQuery } from '../documents/arranging.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { ownPath } from '../viewer.server.ts'

const listOf = (list: string | undefined) => (isDirection(list) ? `/documents/${list}` : '/')

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:refused.heading' }

export const loader = guardedLoader('self:use', ({ request, params }) => formsOnly(request, listOf(params.list)))

/** Arranges a list for the person who asks: its columns, its saved filters. */
export const action = guardedAction('self:use', async ({ request, params, db, person }) => {
  const list = params.list
  if (!isDirection(list)) throw notFound()
  const form = await request.formData()
  const name = String(form.get('name') ?? '').trim()
  switch (form.get('act')) {
    case 'columns': {
      const shown = form.getAll('column')
      const hidden = optionalColumns[list].filter((column) => !shown.includes(column))
      await hideColumns(db, person.id, list, hidden)
      break
    }
    case 'save': {
      const query = viewQuery(String(form.get('query') ?? ''))
      if (name === '' || name.length > 60 || query === '') throw viewUnnamed()
      await saveView(db, person.id, list, { name, query })
      break
    }
    case 'remove':
      await removeView(db, person.id, list, name)
      break
    default:
      throw viewUnnamed()
  }
  return redirect(ownPath(form.get('next')))
})

const viewUnnamed = () =>
  new Refusal('view-unnamed', 422, {
    vi: 'Chưa lưu bộ lọc: hãy lọc danh sách, rồi đặt cho bộ lọc một tên không quá 60 ký tự.',
    en: 'The filter was not saved: filter the list, then give the filter a name of at most 60 characters.',
  })

export default function ArrangingRefused() {
  return <RefusedPage back={listOf(useParams().list)} />
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

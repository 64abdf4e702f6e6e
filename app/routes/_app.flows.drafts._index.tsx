import { Button } from '@mantine/core'
import { redirect } from '@remix-run/node'
import { Form, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { beginDraft, MAX_DRAWING_BYTES, openDrafts, type FlowDraftLine } from '#db/flow-drafts.ts'
import { newestVersion, versionDrawing } from '#db/flow-publications.ts'
import { Refusal } from '#db/refusal.ts'
import { AdministrationTabs } from '../administration/AdministrationTabs.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { FileField, FormRefusal, TextField } from '../components/Field.tsx'
import { Mark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { blankDrawing, flowIdOf, readDrawing } from '../designer/drawing.ts'
import { readImport } from '../designer/import.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import '../styles/administration.css'
import '../styles/flow-begin.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['designer', 'administration'], title: 'designer:drafts.title' }

export const loader = guardedLoader('flow:draw', async ({ db }) => ({ drafts: await openDrafts(db) }))

/** Begins a draft: of a published version (`flowId`, `version`), a file (`file`), what is drawn on a page (`xml`), or blank (`name`). */
export const action = guardedAction(
  'flow:draw',
  async ({ request, db, viewer }) => {
    const { postId } = viewer
    const form = await request.formData()
    const file = form.get('file')
    if (file instanceof File && file.size > 0) {
      const { xml, facts } = await readImport(file)
      const newest = await newestVersion(db, facts.flowId)
      const { flowId, name } = facts
      const id = await beginDraft(db, {
        flowId,
        name,
        baseVersion: newest?.version ?? null,
        xml,
        postId,
        reason: 'imported',
      })
      return redirect(`/flows/drafts/${id}?imported`)
    }
    const drawn = form.get('xml')
    if (typeof drawn === 'string' && drawn !== '') {
      const { flowId, name } = readDrawing(drawn)
      const newest = await newestVersion(db, flowId)
      const xml = drawn
      const id = await beginDraft(db, { flowId, name, baseVersion: newest?.version ?? null, xml, postId })
      return redirect(`/flows/drafts/${id}`)
    }
    const of = form.get('flowId')
    if (typeof of === 'string' && of !== '') {
      const asked = Number(form.get('version')) || null
      const { version, xml } = await versionDrawing(db, of, asked)
      const { flowId, name } = readDrawing(xml)
      return redirect(`/flows/drafts/${await beginDraft(db, { flowId, name, baseVersion: version, xml, postId })}`)
    }
    const name = String(form.get('name') ?? '').trim()
    if (name === '') throw nameMissing()
    const flowId = await freeId(flowIdOf(name), async (id) => (await newestVersion(db, id)) === null)
    const xml = blankDrawing(flowId, name.slice(0, 200))
    return redirect(`/flows/drafts/${await beginDraft(db, { flowId, name, baseVersion: null, xml, postId })}`)
  },
  // a drawing that comes as a field is written with %XX
  { maxBytes: 3 * MAX_DRAWING_BYTES },
)

/** The id, or the first of id-2, id-3 … that no flow has. */
async function freeId(id: string, isFree: (id: string) => Promise<boolean>): Promise<string> {
  let free = id
  for (let number = 2; !(await isFree(free)); number++) free = `${id}-${number}`
  return free
}

const nameMissing = () => {
  const sentence = {
    vi: 'Chưa có tên quy trình hoặc tệp để bắt đầu nên chưa có gì được tạo. Hãy ghi tên, hoặc chọn tệp .bpmn.',
    en: 'There is neither a name nor a file to begin with, so nothing was made. Write a name, or choose a .bpmn file.',
  }
  return new Refusal('name-missing', 422, sentence, { name: sentence })
}

export default function Drafts() {
  const { drafts } = useLoaderData<typeof loader>()
  const { t } = useTranslation('designer')
  const { number } = useFormats()
  const refusal = useRefusal()
  const columns: Column<FlowDraftLine>[] = [
    {
      name: 'name',
      label: t('drafts.name'),
      main: true,
      cell: (row) => (
        <>
          {row.name} {row.asked && <Mark tone="soon">{t('drafts.asked')}</Mark>}
        </>
      ),
    },
    { name: 'id', label: t('drafts.id'), phone: 'hide', cell: (row) => <code>{row.flowId}</code> },
    {
      name: 'base',
      label: t('drafts.base'),
      width: '160px',
      phone: 'hide',
      cell: (row) =>
        row.baseVersion === null ? t('drafts.new') : t('drafts.version', { version: number(row.baseVersion) }),
    },
    { name: 'by', label: t('drafts.by'), width: '220px', cell: (row) => row.savedBy },
    { name: 'saved', label: t('drafts.saved'), width: '160px', cell: (row) => <When at={row.savedAt} /> },
  ]
  return (
    <div className="administration">
      <AdministrationTabs />
      <PageHeader title={t('drafts.title')} subtitle={t('drafts.subtitle')} />
      <FormRefusal refusal={refusal} />
      <div className="stack">
        <DataList
          label={t('drafts.title')}
          rows={[...drafts]}
          columns={columns}
          rowKey={(row) => row.id}
          rowTo={(row) => `/flows/drafts/${row.id}`}
          total={drafts.length}
          empty={<EmptyState title={t('drafts.none')}>{t('drafts.noneHint')}</EmptyState>}
        />
        <div className="flow-begin">
          <Form method="post" className="panel" aria-labelledby="begin-blank">
            <h2 id="begin-blank">{t('drafts.blank')}</h2>
            <TextField
              name="name"
              label={t('drafts.blankName')}
              error={refusal?.fields.name}
              maxLength={200}
              required
            />
            <Button type="submit">{t('drafts.blankBegin')}</Button>
          </Form>
          <Form method="post" encType="multipart/form-data" className="panel" aria-labelledby="begin-import">
            <h2 id="begin-import">{t('drafts.import')}</h2>
            <FileField
              name="file"
              label={t('drafts.importFile')}
              hint={t('drafts.importHint')}
              accept=".bpmn,.xml,application/xml,text/xml"
              required
            />
            <Button type="submit" variant="default">
              {t('drafts.importBegin')}
            </Button>
          </Form>
        </div>
      </div>
    </div>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

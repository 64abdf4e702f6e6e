import { Button } from '@mantine/core'
import { redirect } from '@remix-run/node'
import { Form, Link, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { useTranslation } from 'react-i18next'
import { decodeXml } from '#bpmn/decode-xml.ts'
import {
  decisionFiles,
  importDecision,
  saveDecision,
  MAX_DECISION_LENGTH,
  type DecisionLine,
} from '#db/decision-drafts.ts'
import { Refusal } from '#db/refusal.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { FileField, FormRefusal, TextField } from '../components/Field.tsx'
import { When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { blankDecision } from '../decisions/drawing.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import '../styles/administration.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['decisions', 'flows'], title: 'decisions:title' }

export const loader = guardedLoader('flow:draw', async ({ db }) => ({ files: [...(await decisionFiles(db))] }))

/** Begins a table: of a file (`file`), or blank (`name`). A file whose id is known becomes the draft of that one. */
export const action = guardedAction(
  'flow:draw',
  async ({ request, db, viewer }) => {
    const form = await request.formData()
    const file = form.get('file')
    const { postId } = viewer
    if (file instanceof File && file.size > 0) {
      const { text } = decodeXml(new Uint8Array(await file.arrayBuffer()))
      const modelId = await importDecision(db, { xml: text, postId })
      return redirect(`/flows/decisions/${encodeURIComponent(modelId)}`)
    }
    const name = String(form.get('name') ?? '').trim()
    if (name === '' || name.length > 120) throw nameMissing()
    const { modelId, xml } = blankDecision(name, randomUUID().slice(0, 6))
    await saveDecision(db, { modelId, xml, onto: 0, base: null, postId })
    return redirect(`/flows/decisions/${modelId}`)
  },
  { maxBytes: 2 * MAX_DECISION_LENGTH },
)

const nameMissing = () => {
  const sentence = {
    vi: 'Chưa có tên bảng nên chưa tạo bảng nào. Hãy đặt tên tới 120 ký tự.',
    en: 'The table has no name, so none was made. Give it one of up to 120 characters.',
  }
  return new Refusal('name-missing', 422, sentence, { name: sentence })
}

export default function Decisions() {
  const { files } = useLoaderData<typeof loader>()
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  const refusal = useRefusal()
  const columns: Column<DecisionLine>[] = [
    { name: 'name', label: t('list.name'), main: true, cell: (row) => row.name },
    { name: 'id', label: t('list.id'), phone: 'hide', width: '260px', cell: (row) => <code>{row.modelId}</code> },
    {
      name: 'version',
      label: t('list.version'),
      align: 'right',
      width: '110px',
      cell: (row) => (row.version === null ? <span className="muted">–</span> : number(row.version)),
    },
    {
      name: 'published',
      label: t('list.published'),
      width: '170px',
      cell: (row) => (row.publishedAt === null ? <span className="muted">–</span> : <When at={row.publishedAt} />),
    },
    {
      name: 'draft',
      label: t('list.draft'),
      width: '280px',
      cell: (row) =>
        row.draftAt === null ? (
          <span className="muted">–</span>
        ) : (
          <>
            {row.draftBy} · <When at={row.draftAt} />
          </>
        ),
    },
  ]
  return (
    <>
      <PageHeader above={<Link to="/flows">{t('flows:title')}</Link>} title={t('title')} subtitle={t('subtitle')} />
      <FormRefusal refusal={refusal} />
      <div className="stack">
        <section className="panel decision-begin" aria-labelledby="begin">
          <h2 id="begin">{t('begin.title')}</h2>
          <div className="flow-facts">
            <Form method="post" className="stack">
              <TextField
                name="name"
                label={t('begin.name')}
                required
                maxLength={120}
                error={refusal?.fields.name}
                autoComplete="off"
              />
              <div>
                <Button type="submit">{t('begin.blank')}</Button>
              </div>
            </Form>
            <Form method="post" encType="multipart/form-data" className="stack">
              <FileField name="file" label={t('begin.file')} accept=".dmn,application/xml,text/xml" required />
              <div>
                <Button type="submit" variant="default">
                  {t('begin.import')}
                </Button>
              </div>
            </Form>
          </div>
        </section>
        <DataList
          label={t('title')}
          rows={files}
          columns={columns}
          rowKey={(row) => row.modelId}
          rowTo={(row) => `/flows/decisions/${encodeURIComponent(row.modelId)}`}
          empty={<EmptyState title={t('list.none')}>{t('list.noneHint')}</EmptyState>}
        />
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

import { randomUUID } from 'node:crypto'
import { data, redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Refusal, type Sentence } from '#db/refusal.ts'
import { noticeChoices, startNotice } from '#db/start-document.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { ChoicesField, FileField, FormRefusal, SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, drafts, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'
import { usePick } from '../viewer.ts'
import '../styles/documents.css'

export const handle: RouteHandle = { i18n: ['documents'], title: 'documents:notice.title' }

/** Thông báo: what a notice is unless its author says otherwise. */
const usualKind = 'TB'

const schema = z.object({
  key: z.uuid(),
  kindCode: z.string().min(1),
  subject: z.string().trim().min(1).max(500),
  signerName: z.string().trim().max(50),
  signerPosition: z.string().trim().max(100),
  recipients: z.string().trim().min(1).max(1000),
  recipientUnits: z.array(z.string()).min(1),
})

export const loader = guardedLoader('notice:create', async ({ db }) => ({
  ...(await noticeChoices(db)),
  key: randomUUID(),
  accept: acceptOf(drafts),
}))

export const action = guardedAction(
  'notice:create',
  async ({ request, context, db, viewer, files: store }) => {
    const { fields, files } = await readUpload(request, store, { kinds: drafts, maxFiles: 1 })
    const text = (name: string) => String(fields.get(name) ?? '')
    const entered = {
      key: text('key'),
      kindCode: text('kindCode'),
      subject: text('subject'),
      signerName: text('signerName'),
      signerPosition: text('signerPosition'),
      recipients: text('recipients').replaceAll('\r\n', '\n'),
      recipientUnits: fields.getAll('recipientUnits').map(String),
    }
    try {
      const file = fileOf(files, 'file')
      const parsed = schema.safeParse(entered)
      const { kinds, units } = await noticeChoices(db)
      const wrong = new Set(parsed.error?.issues.map(({ path }) => String(path[0])))
      if (!kinds.some(({ code }) => code === entered.kindCode)) wrong.add('kindCode')
      if (entered.recipientUnits.some((code) => !units.some((unit) => unit.code === code))) wrong.add('recipientUnits')
      if (!parsed.success || wrong.size > 0) throw incomplete(wrong)
      const { signerName, signerPosition, ...notice } = parsed.data
      const { documentId } = await startNotice(db, viewer, {
        ...notice,
        signerName: signerName || null,
        signerPosition: signerPosition || null,
        file,
      })
      return redirect(`/documents/${documentId}`)
    } catch (error) {
      const answer = refused(error, context)
      return data({ ...answer.data, entered }, answer.init ?? undefined)
    }
  },
  { maxBytes: uploadFormBytes },
)

const besideFields: Record<string, Sentence> = {
  kindCode: { vi: 'Hãy chọn loại văn bản trong danh sách.', en: 'Choose a kind from the list.' },
  subject: { vi: 'Hãy nhập trích yếu, không quá 500 ký tự.', en: 'Enter a subject of at most 500 characters.' },
  signerName: { vi: 'Họ tên người ký không quá 50 ký tự.', en: 'The signer’s name takes at most 50 characters.' },
  signerPosition: { vi: 'Chức vụ không quá 100 ký tự.', en: 'The position takes at most 100 characters.' },
  recipients: {
    vi: 'Hãy nhập nơi nhận, không quá 1.000 ký tự.',
    en: 'Enter the recipients, at most 1,000 characters.',
  },
  recipientUnits: { vi: 'Hãy chọn ít nhất một đơn vị nhận.', en: 'Choose at least one unit.' },
}

const incomplete = (wrong: ReadonlySet<string>) =>
  new Refusal(
    'notice-incomplete',
    422,
    {
      vi: 'Thông báo còn chỗ chưa đúng nên chưa được chuyển đi. Hãy sửa các ô được đánh dấu rồi chọn lại tệp và gửi lại.',
      en: 'Something in the notice is not right yet, so it was not handed on. Mend the marked fields, choose the file again and send it.',
    },
    Object.fromEntries([...wrong].flatMap((name) => (besideFields[name] ? [[name, besideFields[name]]] : []))),
  )

export default function NewNotice() {
  const { kinds, units, key, accept } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refusal = useRefusal()
  const { t } = useTranslation('documents')
  const pick = usePick()
  const boxes = useRef<HTMLDetailsElement>(null)
  const entered = answer && 'entered' in answer ? answer.entered : undefined
  const setAll = (on: boolean) => {
    for (const box of boxes.current?.querySelectorAll<HTMLInputElement>('input[type=checkbox]') ?? []) box.checked = on
  }
  return (
    <>
      <PageHeader
        above={<Link to="/documents/internal">{t('list.internal')}</Link>}
        title={t('notice.title')}
        subtitle={t('notice.intro')}
      />
      <Form method="post" encType="multipart/form-data" className="panel entry-form">
        <FormRefusal refusal={refusal} />
        <input type="hidden" name="key" value={key} />
        <FileField
          name="file"
          label={t('notice.file')}
          hint={t('notice.fileHint')}
          error={refusal?.fields.file}
          accept={accept}
          required
        />
        <SelectField
          name="kindCode"
          label={t('notice.kind')}
          error={refusal?.fields.kindCode}
          choices={kinds.map((kind) => ({ value: kind.code, label: pick(kind.name, kind.nameEn) }))}
          defaultValue={entered?.kindCode ?? usualKind}
        />
        <TextAreaField
          name="subject"
          label={t('notice.subject')}
          error={refusal?.fields.subject}
          defaultValue={entered?.subject}
          maxLength={500}
          required
        />
        <div className="two-fields">
          <TextField
            name="signerName"
            label={t('notice.signer')}
            hint={t('notice.signerHint')}
            error={refusal?.fields.signerName}
            defaultValue={entered?.signerName}
            maxLength={50}
          />
          <TextField
            name="signerPosition"
            label={t('notice.signerPosition')}
            hint={t('notice.signerPositionHint')}
            error={refusal?.fields.signerPosition}
            defaultValue={entered?.signerPosition}
            maxLength={100}
          />
        </div>
        <TextAreaField
          name="recipients"
          label={t('notice.recipients')}
          error={refusal?.fields.recipients}
          defaultValue={entered?.recipients ?? t('notice.recipientsDefault')}
          rows={4}
          maxLength={1000}
          required
        />
        <details ref={boxes} className="unit-boxes" open={refusal?.fields.recipientUnits !== undefined || undefined}>
          <summary>
            {t('notice.unitsChosen', { count: entered?.recipientUnits.length ?? units.length, total: units.length })}
          </summary>
          <p className="row needs-script">
            <button type="button" className="text-button" onClick={() => setAll(true)}>
              {t('notice.allUnits')}
            </button>
            <button type="button" className="text-button" onClick={() => setAll(false)}>
              {t('notice.noUnits')}
            </button>
          </p>
          <ChoicesField
            name="recipientUnits"
            kind="checkbox"
            label={t('notice.units')}
            error={refusal?.fields.recipientUnits}
            choices={units.map((unit) => ({ value: unit.code, label: pick(unit.name, unit.nameEn) }))}
            chosen={entered?.recipientUnits ?? units.map(({ code }) => code)}
          />
        </details>
        <SubmitBar primary={{ label: t('notice.submit') }} consequence={t('notice.consequence')} />
      </Form>
    </>
  )
}

export { RouteError as ErrorBoundary }

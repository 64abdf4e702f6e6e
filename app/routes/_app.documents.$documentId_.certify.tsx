import { redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { filesToCertify } from '#db/begin-signature.ts'
import { documentFacts } from '#db/documents.ts'
import { Refusal } from '#db/refusal.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { ChoicesField, FormRefusal } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import { certifyCopy, copySchema } from '../signing/certify-copy.ts'
import { signingGround } from '../signing/ground.ts'
import { KeyFields } from '../signing/KeyFields.tsx'
import { readListOffer } from '../signing/list-page.server.ts'
import { takeSignature } from '../signing/sent-signature.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'
import '../styles/signing.css'

export const handle: RouteHandle = { i18n: ['documents', 'signing', 'tasks'], title: 'documents:certify.title' }

/** The files of a document that may be certified, and the organisation's certificates. */
export const loader = guardedLoader('document:certify', async ({ db, viewer, params, now }) => {
  const { id, code, subject, direction, registerNumber, registeredOn } = await documentFacts(
    db,
    viewer,
    params.documentId ?? '',
  )
  const [files, offer] = await Promise.all([filesToCertify(db, viewer, id), readListOffer(db, viewer, now, 'copy')])
  const arrival = direction === 'incoming' && registerNumber !== null ? { registerNumber, registeredOn } : null
  return { document: { id, code, subject }, arrival, files: [...files], offer }
})

/** Certifies one file in one of the two ways. */
export const action = guardedAction('document:certify', async ({ db, files, viewer, params, request, context }) => {
  const sent = await request.formData()
  const signature = takeSignature(sent)
  const documentId = params.documentId ?? ''
  const [role, fileId] = String(sent.get('what')).split(':')
  const copy = copySchema.safeParse({ role, fileId })
  if (!copy.success) return refused(nothingChosen(), context)
  const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
  try {
    const { id } = await documentFacts(db, viewer, documentId)
    const { listId } = await certifyCopy(ground, viewer, { ...copy.data, documentId: id }, signature)
    return redirect(listId ? `/signing/${listId}` : `/documents/${id}`)
  } catch (error) {
    return refused(error, context)
  }
})

const nothingChosen = () =>
  new Refusal('nothing-chosen', 422, {
    vi: 'Chưa chọn tệp để ký xác nhận nên chưa ký gì. Hãy chọn một tệp rồi ký.',
    en: 'No file is chosen, so nothing was signed. Choose one, then sign.',
  })

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Certify() {
  const { document, arrival, files, offer } = useLoaderData<typeof loader>()
  const refusal = refusalIn(useActionData())
  const { t } = useTranslation('documents')
  const { date } = useFormats()
  const choices = files.flatMap(({ fileId, name, certified }) => [
    ...(certified.includes('copy')
      ? []
      : [{ value: `copy:${fileId}`, label: t('certify.copy', { name }), hint: t('certify.copyHint') }]),
    ...(arrival === null || certified.includes('received')
      ? []
      : [
          {
            value: `received:${fileId}`,
            label: t('certify.received', { name }),
            hint: t('certify.receivedHint', {
              number: arrival.registerNumber,
              day: arrival.registeredOn === null ? '' : date(arrival.registeredOn),
            }),
          },
        ]),
  ])
  return (
    <>
      <PageHeader
        above={<Link to={`/documents/${document.id}`}>{document.code ?? document.subject}</Link>}
        title={t('certify.title')}
        subtitle={t('certify.subtitle')}
      />
      {choices.length === 0 ? (
        <EmptyState title={t('certify.nothing')}>{t('certify.nothingWhy')}</EmptyState>
      ) : (
        <Form method="post" className="panel entry-form">
          <FormRefusal refusal={refusal} />
          <ChoicesField
            name="what"
            kind="radio"
            label={t('certify.as')}
            choices={choices}
            chosen={choices.slice(0, 1).map(({ value }) => value)}
          />
          <KeyFields offer={offer} role="organisation" submit={t('certify.sign')} hint={t('certify.hint')} />
        </Form>
      )}
    </>
  )
}

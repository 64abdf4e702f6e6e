import { randomUUID } from 'node:crypto'
import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { postsOfGroup } from '#db/posts.ts'
import { startSlip } from '#db/start-drafting.ts'
import { CheckField, SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { choiceGone } from '../drafting/choices.server.ts'
import { newSlipSchema } from '../forms/slip-schemas.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useEntered, type SentBack } from '../tasks/entered.tsx'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import { withPdf } from '../tasks/pdf-of-draft.server.ts'
import { ChosenFile, UploadPage } from '../tasks/UploadPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, drafts, readUpload, scans, uploadFormBytes } from '../uploads.server.ts'
import { usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['drafting', 'tasks'], title: 'drafting:slip.title' }

/** What goes with a slip. */
const papers = [...new Set([...drafts, ...scans])]
const mostFiles = 6

export const loader = guardedLoader('drafting:begin', async ({ db }) => ({
  leaders: [...(await postsOfGroup(db, 'role:leader'))],
  key: randomUUID(),
  accept: acceptOf(drafts),
  acceptPapers: acceptOf(papers),
}))

export const action = guardedAction(
  'drafting:begin',
  async ({ request, context, db, viewer, files: store }) => {
    const { fields, files } = await readUpload(request, store, { kinds: papers, maxFiles: mostFiles })
    const submission = parseWithZod(fields, { schema: newSlipSchema })
    if (submission.status !== 'success') return formSentBack(submission.reply(), context)
    try {
      const leaders = await postsOfGroup(db, 'role:leader')
      choiceGone(
        'leaderPost',
        [submission.value.leaderPost],
        leaders.map(({ postId }) => postId),
      )
      const draft = files.find(({ field }) => field === 'draft')
      const { documentId } = await startSlip(db, viewer, {
        ...submission.value,
        drafts: draft ? await withPdf(store, draft, context.log) : [],
        attachments: files.filter(({ field }) => field === 'attachments'),
      })
      return redirect(`/documents/${documentId}`)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
  },
  { maxBytes: uploadFormBytes },
)

export default function NewSlip() {
  const { key, accept, acceptPapers, leaders } = useLoaderData<typeof loader>()
  const sentBack = (useActionData<typeof action>() ?? {}) as SentBack
  const { t } = useTranslation('drafting')
  return (
    <UploadPage
      title={t('slip.title')}
      intro={t('slip.intro')}
      back={{ to: '/documents/internal', label: t('back.internal') }}
      file={{ name: 'draft', label: t('slip.draft'), hint: t('slip.draftHint'), accept, required: false }}
      submit={t('slip.submit')}
      consequence={t('slip.consequence')}
      formId={key}
      formKey="slip.new"
      sentBack={sentBack}
    >
      <SlipFields leaders={leaders} accept={acceptPapers} />
    </UploadPage>
  )
}

function SlipFields({ leaders, accept }: Pick<ReturnType<typeof useLoaderData<typeof loader>>, 'leaders' | 'accept'>) {
  const { t } = useTranslation('drafting')
  const pick = usePick()
  const { value, error } = useEntered()
  return (
    <>
      <ChosenFile
        name="attachments"
        label={t('slip.attachments')}
        hint={t('slip.attachmentsHint')}
        accept={accept}
        required={false}
        multiple
      />
      <SelectField
        name="leaderPost"
        label={t('slip.leader')}
        choices={leaders.map((each) => ({
          value: each.postId,
          label: `${pick(each.title, each.titleEn)} ${each.fullName}`,
        }))}
        defaultValue={value('leaderPost', leaders[0]?.postId ?? '')}
        error={error('leaderPost')}
      />
      <TextField
        name="subject"
        label={t('slip.subject')}
        required
        maxLength={500}
        defaultValue={value('subject')}
        error={error('subject')}
      />
      <TextAreaField
        name="proposal"
        label={t('slip.proposal')}
        hint={t('slip.proposalHint')}
        rows={10}
        required
        maxLength={10_000}
        defaultValue={value('proposal')}
        error={error('proposal')}
      />
      <CheckField
        name="viaOffice"
        label={t('slip.viaOffice')}
        hint={t('slip.viaOfficeHint')}
        defaultChecked={value('viaOffice', 'on') === 'on'}
      />
    </>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

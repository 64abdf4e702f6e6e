import { Form, Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { DoneTask } from '#db/home.ts'
import { Icon } from '../components/Icon.tsx'
import { usePick } from '../viewer.ts'
import { useHolderWords } from './NextHolders.tsx'
import '../styles/done.css'

/** After acting: what happened, who has it now, and the way back while there is one. */
export function DoneBanner({ done, formId }: { done: DoneTask; formId: string }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const words = useHolderWords()
  const holders = done.open.map((task) => `${pick(task.askVi, task.askEn)} – ${words(task)}`)
  return (
    <section className="done-banner" role="status">
      <Icon name="done" />
      <div>
        <p>
          <strong>
            {t(`done.${done.formKey}.${done.outcome}`, {
              number: done.registerNumber,
              replyCode: done.replyCode,
              defaultValue: t('done.other'),
            })}
          </strong>{' '}
          {done.documentId && (
            <Link to={`/documents/${done.documentId}`}>{done.code ?? done.subject ?? t('document.open')}</Link>
          )}
        </p>
        <p className="muted">
          {holders.length > 0
            ? t(done.openCount > holders.length ? 'done.nowWithMore' : 'done.nowWith', {
                who: holders.join('; '),
                more: done.openCount - holders.length,
              })
            : t(done.running ? 'done.goesOn' : 'done.ended')}
        </p>
      </div>
      {done.subscriptionId && <TakeBack caseId={done.caseId} subscriptionId={done.subscriptionId} formId={formId} />}
    </section>
  )
}

/** "Lấy lại": one button, as it can be passed on again. */
export function TakeBack({
  caseId,
  subscriptionId,
  formId,
}: {
  caseId: string
  subscriptionId: string
  formId: string
}) {
  const { t } = useTranslation('tasks')
  return (
    <Form method="post" action={`/cases/${caseId}/take-back`}>
      <input type="hidden" name="subscriptionId" value={subscriptionId} />
      <input type="hidden" name="key" value={formId} />
      <button className="take-back">{t('action.takeBack')}</button>
    </Form>
  )
}

import { Form } from '@remix-run/react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { FormRefusal } from '../components/Field.tsx'
import type { RefusalData } from '../refusal.ts'
import { useTranslation } from 'react-i18next'
import { EnteredProvider, type SentBack } from './entered.tsx'

/** The form of a step: once per `formId`, Ctrl+Enter ends it, the first field that is wrong gets the focus. */
export function TaskForm({
  formId,
  sentBack,
  children,
}: {
  /** Made when the page was; sent twice, the step is done once. */
  formId: string
  sentBack: SentBack
  children: ReactNode
}) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (!sentBack.entered && !sentBack.refusal) return
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true], .field-error')
    const field = wrong?.matches('input, select, textarea') ? wrong : wrong?.closest('fieldset')?.querySelector('input')
    if (field instanceof HTMLElement) field.focus()
    else form.current?.scrollIntoView({ block: 'start' })
  }, [sentBack])
  const onKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    const primary = form.current?.querySelector<HTMLButtonElement>('button[data-primary]')
    if (primary) form.current?.requestSubmit(primary)
  }
  return (
    <EnteredProvider value={sentBack}>
      <Form ref={form} method="post" className="task-form" onKeyDown={onKey} preventScrollReset={false}>
        <input type="hidden" name="key" value={formId} />
        <Wrong sentBack={sentBack} />
        {children}
      </Form>
    </EnteredProvider>
  )
}

function Wrong({ sentBack: { refusal, entered } }: { sentBack: SentBack }) {
  const { t } = useTranslation('tasks')
  if (refusal) return <FormRefusal refusal={refusal as RefusalData} />
  if (entered?.status !== 'error') return null
  return (
    <p role="alert" className="form-wrong">
      {t('error.lookAtFields')}
    </p>
  )
}

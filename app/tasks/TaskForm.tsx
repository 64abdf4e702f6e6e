import { Form, type FormProps } from '@remix-run/react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FormRefusal } from '../components/Field.tsx'
import { EnteredProvider, type SentBack } from './entered.tsx'
import { useFoundErrors } from './found-errors.ts'
import '../styles/entry.css'
import '../styles/unit-fields.css'

/** The form of a step: once per `formId`, Ctrl+Enter ends it, the first field that is wrong gets the focus. */
export function TaskForm({
  formId,
  formKey,
  sentBack,
  className = 'task-form',
  encType,
  children,
}: {
  /** Made when the page was; sent twice, the step is done once. */
  formId: string
  /** Whose schema the fields are held to as they are left. */
  formKey: string | null
  sentBack: SentBack
  className?: string
  encType?: FormProps['encType']
  children: ReactNode
}) {
  const form = useRef<HTMLFormElement>(null)
  const { errors, refused, ...handlers } = useFoundErrors(form, formKey, sentBack)
  const cameBack = sentBack.entered !== undefined || sentBack.refusal !== undefined
  useEffect(() => {
    if (!cameBack && refused === 0) return
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true], .field-error')
    const field = wrong?.matches('input, select, textarea') ? wrong : wrong?.closest('fieldset')?.querySelector('input')
    if (field instanceof HTMLElement) field.focus()
    else form.current?.scrollIntoView({ block: 'start' })
  }, [sentBack, cameBack, refused])
  const onKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    const primary = form.current?.querySelector<HTMLButtonElement>('button[data-primary]')
    if (primary) form.current?.requestSubmit(primary)
  }
  const held = Object.values(errors).some((message) => message !== null)
  return (
    <EnteredProvider value={{ ...sentBack, found: errors }}>
      <Form
        ref={form}
        method="post"
        encType={encType}
        className={className}
        onKeyDown={onKey}
        preventScrollReset={false}
        {...handlers}
      >
        <input type="hidden" name="key" value={formId} />
        <Wrong sentBack={sentBack} held={refused > 0 && held} />
        {children}
      </Form>
    </EnteredProvider>
  )
}

function Wrong({ sentBack: { refusal, entered }, held }: { sentBack: SentBack; held: boolean }) {
  const { t } = useTranslation('tasks')
  if (refusal && !held) return <FormRefusal refusal={refusal} />
  if (entered?.status !== 'error' && !held) return null
  return (
    <p role="alert" className="form-wrong">
      {t('error.lookAtFields')}
    </p>
  )
}

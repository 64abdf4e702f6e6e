import { Button } from '@mantine/core'
import { useFetcher } from '@remix-run/react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Variables } from '#bpmn/case.ts'
import type { FieldError } from '#bpmn/form/check-value.ts'
import { FormRefusal } from '../components/Field.tsx'
import { refusalIn } from '../refusal.ts'
import type { action, loader } from '../routes/_app.tasks.$taskId_.form.ts'
import { useLanguage } from '../viewer.ts'
import { errorWords } from './error-words.ts'
import type { FormViewer } from './form-viewer.ts'

/** The form that a step has of its own, drawn by form-js; loaded by tasks that have one. */
export function OwnForm({ taskId, formId }: { taskId: string; formId: string }) {
  const { t } = useTranslation('ownForms')
  const language = useLanguage()
  const asked = useFetcher<typeof loader>({ key: `own-form:${taskId}` })
  const sending = useFetcher<typeof action>()
  const host = useRef<HTMLDivElement>(null)
  const viewer = useRef<FormViewer | null>(null)
  const [drawn, setDrawn] = useState<'not yet' | 'drawn' | 'failed'>('not yet')
  const address = `/tasks/${taskId}/form`
  const { load } = asked
  const { submit } = sending
  useEffect(() => load(address), [load, address])

  // Whatever the page reads anew meanwhile, in whichever language: what somebody has entered stays.
  const [form, setForm] = useState(asked.data)
  if (!form && asked.data) setForm(asked.data)
  const entered = useRef<Variables>({})
  const now = useRef({ t, submit, formId })
  useEffect(() => {
    now.current = { t, submit, formId }
  })
  useEffect(() => {
    if (!form || !host.current) return
    let left = false
    const container = host.current
    const draw = async () => {
      const [{ drawForm }, texts] = await Promise.all([
        import('./form-viewer.ts'),
        language === 'vi' ? import('./form-texts.vi.json') : { default: {} },
      ])
      if (left) return
      const made = await drawForm(container, {
        schema: form.schema,
        values: { ...form.values, ...entered.current },
        onChange: (data) => (entered.current = data),
        words: (error) => errorWords(now.current.t, error),
        texts: texts.default,
        onSubmit: (data) =>
          now.current.submit({ key: now.current.formId, data } as never, {
            method: 'post',
            action: address,
            encType: 'application/json',
          }),
      })
      if (left) return made.destroy()
      viewer.current = made
      setDrawn('drawn')
    }
    draw().catch((error: unknown) => {
      if (left) return
      console.warn('The form could not be drawn', error)
      setDrawn('failed')
    })
    return () => {
      left = true
      viewer.current?.destroy()
      viewer.current = null
    }
  }, [form, language, address])

  const answer = sending.data as { errors?: { label: string; error: FieldError }[] } | undefined
  return (
    <div className="own-form" data-drawn={drawn === 'drawn' ? '' : undefined}>
      <noscript>
        <p role="alert">{t('needsScripts')}</p>
      </noscript>
      <FormRefusal refusal={refusalIn(sending.data)} />
      {answer?.errors && (
        <div role="alert">
          {answer.errors.map(({ label, error }) => (
            <p key={label} className="field-error">
              {label}: {errorWords(t, error)}
            </p>
          ))}
        </div>
      )}
      {drawn === 'failed' && <p role="alert">{t('failed')}</p>}
      <div ref={host} />
      {drawn === 'drawn' && (
        <Button data-primary loading={sending.state !== 'idle'} onClick={() => viewer.current?.submit()}>
          {t('complete')}
        </Button>
      )}
    </div>
  )
}

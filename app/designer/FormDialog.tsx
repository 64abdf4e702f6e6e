import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { readFormSchema, type FormProblem } from '#bpmn/form/schema.ts'
import { errorWords } from '../own-forms/error-words.ts'
import { useLanguage } from '../viewer.ts'
import type { OpenFormEditor } from './form-editor.ts'

/** Draws the form that a step has of its own, and tries it; what cannot be filled in is not taken. */
export function FormDialog({
  name,
  json,
  onDone,
  onClose,
}: {
  /** Of the step. */
  name: string
  /** Empty: it has none yet. */
  json: string
  onDone: (json: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation(['designer', 'ownForms'])
  const { t: tf } = useTranslation('ownForms')
  const language = useLanguage()
  const dialog = useRef<HTMLDivElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const preview = useRef<HTMLDivElement>(null)
  const editor = useRef<OpenFormEditor | null>(null)
  const [state, setState] = useState<'opening' | 'open' | 'failed'>('opening')
  const [problem, setProblem] = useState<FormProblem | null>(null)
  const [tried, setTried] = useState<string | null>(null)
  const [first] = useState(json)
  const label = t('form.firstLabel')

  useEffect(() => {
    let left = false
    const container = host.current
    const open = async () => {
      const [{ openFormEditor }, texts] = await Promise.all([
        import('./form-editor.ts'),
        language === 'vi' ? import('./form-editor-texts.vi.json') : { default: {} },
      ])
      if (left || !container) return
      const made = await openFormEditor(container, { json: first, label, texts: texts.default })
      if (left) return made.destroy()
      editor.current = made
      setState('open')
    }
    open().catch((error: unknown) => {
      if (left) return
      console.warn('The form could not be opened', error)
      setState('failed')
    })
    // What lies behind is out of reach for as long as the dialog stands.
    const behind = [...document.body.children].filter(
      (one): one is HTMLElement => one instanceof HTMLElement && one !== dialog.current && !one.inert,
    )
    for (const one of behind) one.inert = true
    dialog.current?.focus()
    return () => {
      left = true
      for (const one of behind) one.inert = false
      editor.current?.destroy()
      editor.current = null
    }
  }, [first, label, language])

  useEffect(() => {
    if (tried === null || !preview.current) return
    let left = false
    let destroy = () => undefined as void
    const container = preview.current
    const draw = async () => {
      const [{ drawForm }, texts] = await Promise.all([
        import('../own-forms/form-viewer.ts'),
        language === 'vi' ? import('../own-forms/form-texts.vi.json') : { default: {} },
      ])
      const read = readFormSchema(tried)
      if (left || !read.ok) return
      const made = await drawForm(container, {
        schema: read.schema,
        values: {},
        words: (error) => errorWords(tf, error),
        texts: texts.default,
        onSubmit: () => undefined,
      })
      if (left) made.destroy()
      else destroy = made.destroy
    }
    draw().catch((error: unknown) => console.warn('The form could not be tried', error))
    return () => {
      left = true
      destroy()
    }
  }, [tried, language, tf])

  const drawn = (): string | null => {
    const text = editor.current?.json() ?? null
    const read = text === null ? null : readFormSchema(text)
    setProblem(read?.ok === false ? read.problem : null)
    return read?.ok ? text : null
  }
  return createPortal(
    <div
      ref={dialog}
      className="form-dialog"
      role="dialog"
      aria-modal="true"
      aria-labelledby="form-dialog"
      tabIndex={-1}
      data-open={state === 'open' ? '' : undefined}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !(event.target as HTMLElement).closest('.cm-editor, input, textarea')) onClose()
      }}
    >
      <header>
        <h2 id="form-dialog">{t('form.title', { name })}</h2>
        <Button variant="default" disabled={state !== 'open'} onClick={() => setTried(tried === null ? drawn() : null)}>
          {t(tried === null ? 'form.try' : 'form.draw')}
        </Button>
        <Button
          disabled={state !== 'open'}
          onClick={() => {
            const text = drawn()
            if (text !== null) onDone(text)
          }}
        >
          {t('form.done')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('form.close')}
        </Button>
      </header>
      <p className="muted small-text">{t('form.hint')}</p>
      {problem && (
        <p role="alert" className="field-error">
          {t('form.problem', { problem: problem[language] })}
        </p>
      )}
      {state === 'failed' && <p role="alert">{t('form.failed')}</p>}
      <div ref={host} className="form-dialog-host" hidden={tried !== null} />
      {tried !== null && <div ref={preview} className="form-dialog-try own-form panel" />}
    </div>,
    document.body,
  )
}

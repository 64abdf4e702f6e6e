import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../viewer.ts'
import { readVariables } from './trial-variables.ts'
import type { TrialState, TrialStep } from './trial.ts'

/** A task of a trial, done as whoever it waits for. */
export function TrialTask({
  task: { elementId, name, who, dueAt, outcomes },
  nameOf,
  onStep,
  onShow,
}: {
  task: TrialState['tasks'][number]
  /** A relation's name. */
  nameOf: (key: string) => string
  onStep: (step: TrialStep) => void
  onShow: (elementId: string) => void
}) {
  const { t } = useTranslation('designer')
  const { dateTime } = useFormats()
  const id = useId()
  const [wrong, setWrong] = useState(false)
  const complete = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const variables = readVariables(String(form.get('variables') ?? ''))
    setWrong(variables === null)
    if (!variables) return
    const outcome = String(form.get('outcome') ?? '').trim()
    onStep({
      do: 'complete',
      elementId,
      ...(who.length === 1 ? { group: who[0] } : {}),
      ...(outcome === '' ? {} : { outcome }),
      variables,
    })
  }
  return (
    <form className="panel trial-task" onSubmit={complete}>
      <button type="button" className="link-button" onClick={() => onShow(elementId)}>
        <strong>{name || elementId}</strong>
      </button>
      <p className="muted">
        {t('trial.asked', { who: who.map(nameOf).join(', ') || t('trial.nobody') })}
        {dueAt !== null && <> · {t('trial.due', { at: dateTime(dueAt) })}</>}
      </p>
      <label>
        {t('trial.outcome')}
        <input name="outcome" list={`${id}-outcomes`} autoComplete="off" />
      </label>
      <datalist id={`${id}-outcomes`}>
        {outcomes.map((outcome) => (
          <option key={outcome} value={outcome} />
        ))}
      </datalist>
      <details>
        <summary>{t('trial.variables')}</summary>
        <textarea
          name="variables"
          rows={3}
          spellCheck={false}
          aria-label={t('trial.variables')}
          aria-invalid={wrong}
          placeholder={'leadUnit: "TMDT"'}
        />
      </details>
      {wrong && (
        <p role="alert" className="field-error">
          {t('trial.variablesWrong')}
        </p>
      )}
      <button className="designer-small primary">{t('trial.complete')}</button>
    </form>
  )
}

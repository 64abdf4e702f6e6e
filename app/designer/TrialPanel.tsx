import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Variables } from '#bpmn/case.ts'
import { useFormats } from '../viewer.ts'
import { useNamesOf } from './directory.ts'
import { KeptTrials } from './KeptTrials.tsx'
import type { DesignerModeler } from './modeler-services.ts'
import { TrialTask } from './TrialTask.tsx'
import { markTrial } from './trial-marks.ts'
import { readVariables } from './trial-variables.ts'
import type { PlainCalendar, TrialState, TrialStep } from './trial.ts'
import { useTrial } from './use-trial.ts'

/** Trying the drawing out, by the same engine that runs the cases. */
export function TrialPanel({
  draftId,
  modeler,
  calendar,
  now,
  onShow,
}: {
  draftId: string
  modeler: DesignerModeler | null
  calendar: PlainCalendar
  now: number
  onShow: (elementId: string) => void
}) {
  const { t } = useTranslation('designer')
  const { trial, played, play, stop, ask } = useTrial(modeler, calendar)
  const state = played.is === 'played' ? played.state : null
  useEffect(() => {
    if (modeler && state) return markTrial(modeler, state)
  }, [modeler, state])

  const elementName = (id: string) => String(modeler?.get('elementRegistry').get(id)?.businessObject.name || id)
  const step = (next: TrialStep) => {
    // A step that could not be done is taken back by the next one.
    if (trial)
      void play({ ...trial, steps: [...trial.steps.slice(0, state?.failed?.step ?? trial.steps.length), next] })
  }
  return (
    <div className="designer-scroll trial">
      {!trial && (
        <Begin onBegin={(variables) => void play({ variables, startsAt: now, steps: [] })} disabled={!modeler} />
      )}
      {trial && (
        <div className="row">
          <button type="button" className="designer-small" onClick={() => void play({ ...trial, steps: [] })}>
            {t('trial.again')}
          </button>
          <button
            type="button"
            className="designer-small"
            disabled={trial.steps.length === 0}
            onClick={() => void play({ ...trial, steps: trial.steps.slice(0, -1) })}
          >
            {t('trial.back')}
          </button>
          <button type="button" className="designer-small" onClick={stop}>
            {t('trial.stop')}
          </button>
        </div>
      )}
      {played.is === 'failed' && (
        <p role="alert" className="field-error">
          {played.why === 'too-long' ? t('trial.tooLong') : t('trial.failed', { why: played.why })}
        </p>
      )}
      {state && <State state={state} elementName={elementName} onStep={step} onShow={onShow} />}
      <KeptTrials draftId={draftId} trial={trial} state={state} ask={ask} onPlay={(kept) => void play(kept)} />
    </div>
  )
}

function Begin({ onBegin, disabled }: { onBegin: (variables: Variables) => void; disabled: boolean }) {
  const { t } = useTranslation('designer')
  const [wrong, setWrong] = useState(false)
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const variables = readVariables(String(new FormData(event.currentTarget).get('variables') ?? ''))
    setWrong(variables === null)
    if (variables) onBegin(variables)
  }
  return (
    <form onSubmit={begin} className="stack">
      <p>{t('trial.what')}</p>
      <label>
        {t('trial.variables')}
        <textarea
          name="variables"
          rows={4}
          spellCheck={false}
          aria-invalid={wrong}
          defaultValue={'documentId: "thử"\nsource: "paper"'}
        />
      </label>
      {wrong && (
        <p role="alert" className="field-error">
          {t('trial.variablesWrong')}
        </p>
      )}
      <button className="designer-small primary" disabled={disabled}>
        {t('trial.begin')}
      </button>
    </form>
  )
}

function State({
  state,
  elementName,
  onStep,
  onShow,
}: {
  state: TrialState
  elementName: (elementId: string) => string
  onStep: (step: TrialStep) => void
  onShow: (elementId: string) => void
}) {
  const { t } = useTranslation('designer')
  const { dateTime } = useFormats()
  const [role, setRole] = useState('')
  const roles = [...new Set(state.tasks.flatMap(({ who }) => who))]
  const names = useNamesOf(roles)
  const nameOf = (key: string) => names.get(key) ?? key
  const tasks = state.tasks.filter(({ who }) => !roles.includes(role) || who.includes(role))
  const next = state.timers[0]
  return (
    <>
      <p role="status" className="trial-now">
        <strong>{state.ended === null ? t('trial.runs') : t(`trial.ended.${state.ended}`)}</strong> ·{' '}
        {dateTime(state.now)}
        {state.ended !== null && <> · {t('trial.left', { count: state.left.length })}</>}
      </p>
      {state.failed && (
        <p role="alert" className="field-error">
          {t('trial.stepFailed', { number: state.failed.step + 1, why: state.failed.why })}
        </p>
      )}
      {state.incidents.map(({ elementId, message }) => (
        <div key={elementId} role="alert" className="trial-incident">
          <button type="button" className="link-button" onClick={() => onShow(elementId)}>
            {elementName(elementId)}
          </button>
          : {message}
          <button type="button" className="designer-small" onClick={() => onStep({ do: 'retry' })}>
            {t('trial.retry')}
          </button>
        </div>
      ))}
      {roles.length > 1 && (
        <label className="trial-role">
          {t('trial.role')}
          <select value={role} onChange={(event) => setRole(event.target.value)}>
            <option value="">{t('trial.everybody')}</option>
            {roles.map((one) => (
              <option key={one} value={one}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      {tasks.map((task, index) => (
        <TrialTask
          key={`${task.elementId} ${index} ${state.path.length}`}
          task={task}
          nameOf={nameOf}
          onStep={onStep}
          onShow={onShow}
        />
      ))}
      <div className="row">
        {next && (
          <button type="button" className="designer-small" onClick={() => onStep({ do: 'wait' })}>
            {t('trial.wait', { at: dateTime(next.dueAt), element: elementName(next.elementId) })}
          </button>
        )}
        {[
          ...state.messages.map((one) => ['message', one] as const),
          ...state.signals.map((one) => ['signal', one] as const),
        ].map(([kind, { name, elementId }]) => (
          <button
            key={`${kind} ${elementId}`}
            type="button"
            className="designer-small"
            onClick={() => onStep({ do: kind, name })}
          >
            {t(`trial.${kind}`, { name })}
          </button>
        ))}
      </div>
      <h3>{t('trial.values')}</h3>
      <dl className="trial-values">
        {Object.entries(state.variables).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { calendarOf, type PlainCalendar } from '../designer/trial.ts'
import { inputsOf, tryDecision, type Tried } from './try-decision.ts'

/** Tries a table with values, by the same evaluation as in a case. */
export function TryPanel({ model, calendar, now }: { model: DecisionModel; calendar: PlainCalendar; now: number }) {
  const { t } = useTranslation('decisions')
  const [tried, setTried] = useState<Tried | null>(null)
  const inputs = inputsOf(model)
  return (
    <form
      className="stack decision-try"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const decision = String(form.get('decision') ?? model.decisions[0]?.id ?? '')
        const entered = Object.fromEntries(inputs.map((name) => [name, String(form.get(`in:${name}`) ?? '')]))
        setTried(tryDecision(model, decision, entered, { now, calendar: calendarOf(calendar) }))
      }}
    >
      {model.decisions.length > 1 && (
        <label>
          {t('try.decision')}
          <select name="decision">
            {model.decisions.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {inputs.map((name) => (
        <label key={name}>
          {name}
          <input name={`in:${name}`} autoComplete="off" />
        </label>
      ))}
      <button type="submit" className="designer-small">
        {t('try.do')}
      </button>
      <div role="status">
        {tried &&
          (tried.ok ? (
            <pre>{JSON.stringify(tried.value, null, 2)}</pre>
          ) : (
            <p className="field-error">{t('try.failed', { why: tried.why })}</p>
          ))}
      </div>
    </form>
  )
}

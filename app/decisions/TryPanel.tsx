import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json } from '#bpmn/case.ts'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { Facts } from '../components/Facts.tsx'
import { calendarOf, type PlainCalendar } from '../designer/trial.ts'
import { inputsOf, tryDecision, type Tried } from './try-decision.ts'

/** Tries a table with values, by the same evaluation as in a case. */
export function TryPanel({
  model,
  labels,
  calendar,
  now,
}: {
  model: DecisionModel
  /** What the columns are called, by what they ask of and answer under. */
  labels: ReadonlyMap<string, string>
  calendar: PlainCalendar
  now: number
}) {
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
          {labels.get(name) ?? name}
          <input name={`in:${name}`} autoComplete="off" />
        </label>
      ))}
      <button type="submit" className="designer-small">
        {t('try.do')}
      </button>
      <div role="status">
        {tried &&
          (tried.ok ? (
            <Answer value={tried.value} labels={labels} />
          ) : (
            <p className="field-error">{t('try.failed', { why: tried.why })}</p>
          ))}
      </div>
    </form>
  )
}

/** What the table says: its columns with their values, for each rule that answers. */
function Answer({ value, labels }: { value: Json; labels: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('decisions')
  if (value === null || (Array.isArray(value) && value.length === 0)) return <p>{t('try.nothing')}</p>
  if (Array.isArray(value)) return value.map((one, at) => <Answer key={at} value={one} labels={labels} />)
  if (typeof value !== 'object') return <p>{wordsOf(value)}</p>
  const facts = Object.entries(value).map(([name, one]) => ({ label: labels.get(name) ?? name, value: wordsOf(one) }))
  return <Facts facts={facts} />
}

const wordsOf = (value: Json): string =>
  value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value)

import { useTranslation } from 'react-i18next'
import { usePick } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'

/** Agencies that get it over the exchange; the one that asked stands on top and is ticked. */
export function AgencyChecks({
  agencies,
  chosen,
}: {
  agencies: ChoicesOf<'incoming.dispatch'>['agencies']
  chosen: readonly string[]
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { values, error } = useEntered()
  const ticked = values('recipientAgencies', chosen)
  const wrong = error('recipientAgencies')
  const line = (agency: (typeof agencies)[number]) => (
    <label key={agency.code}>
      <input
        type="checkbox"
        name="recipientAgencies"
        value={agency.code}
        defaultChecked={ticked.includes(agency.code)}
      />
      {pick(agency.name, agency.nameEn)} <small className="muted">{agency.code}</small>
    </label>
  )
  const first = agencies.filter(({ code }) => ticked.includes(code))
  const others = agencies.filter(({ code }) => !ticked.includes(code))
  return (
    <fieldset className="unit-checks">
      <legend>{t('field.recipientAgencies')}</legend>
      {wrong && <p className="field-error">{wrong}</p>}
      <div className="unit-check-list">{first.map(line)}</div>
      <details open={wrong !== undefined}>
        <summary>
          {t(first.length === 0 ? 'dispatch.agencies' : 'dispatch.otherAgencies', { count: others.length })}
        </summary>
        <div className="unit-check-list">{others.map(line)}</div>
      </details>
    </fieldset>
  )
}

import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePick } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'

/** Any number of units, as boxes; all or none of them with one touch where scripts run. */
export function UnitChecks({
  name,
  label,
  units,
  chosen,
  open = true,
}: {
  name: string
  label: string
  units: readonly Pick<ChoicesOf<'notice.register'>['units'][number], 'code' | 'name' | 'nameEn'>[]
  chosen: readonly string[]
  open?: boolean
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { values, error } = useEntered()
  const box = useRef<HTMLFieldSetElement>(null)
  const ticked = values(name, chosen)
  const wrong = error(name)
  const [count, setCount] = useState(ticked.length)
  const setAll = (on: boolean) => {
    for (const input of box.current?.querySelectorAll('input') ?? []) input.checked = on
    setCount(on ? units.length : 0)
  }
  const countAgain = () => setCount(box.current?.querySelectorAll('input:checked').length ?? 0)
  return (
    <fieldset
      className="unit-checks"
      ref={box}
      onChange={countAgain}
      aria-describedby={wrong ? `${name}-error` : undefined}
    >
      <legend>{label}</legend>
      {wrong && (
        <p className="field-error" id={`${name}-error`}>
          {wrong}
        </p>
      )}
      <details open={open || wrong !== undefined}>
        <summary>{t('units.chosen', { count, total: units.length })}</summary>
        <p className="row needs-script">
          <button type="button" className="text-button" onClick={() => setAll(true)}>
            {t('units.all')}
          </button>
          <button type="button" className="text-button" onClick={() => setAll(false)}>
            {t('units.clear')}
          </button>
        </p>
        <div className="unit-check-list">
          {units.map((unit) => (
            <label key={unit.code}>
              <input type="checkbox" name={name} value={unit.code} defaultChecked={ticked.includes(unit.code)} />
              {pick(unit.name, unit.nameEn)}
            </label>
          ))}
        </div>
      </details>
    </fieldset>
  )
}

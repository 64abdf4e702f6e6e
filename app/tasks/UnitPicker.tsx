import { useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { usePick } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'

type Unit = ChoicesOf<'incoming.direct'>['units'][number]
type Part = 'lead' | 'coordinate' | 'information'
const keys: Record<string, Part> = { l: 'lead', c: 'coordinate', i: 'information' }

/** As `foldForSearch` does, for the filter box. */
const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()

interface Parts {
  lead: string
  coordinating: readonly string[]
  information: readonly string[]
}

/** Chủ trì, phối hợp, để biết: a radio and two boxes for each unit. With scripts: a filter, and L, C, I in the row at hand. */
export function UnitPicker({ units, initial }: { units: readonly Unit[]; initial: Parts }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, values, error } = useEntered()
  const start: Parts = {
    lead: value('leadUnit', initial.lead),
    coordinating: values('coordinatingUnits', initial.coordinating),
    information: values('informationUnits', initial.information),
  }
  const [parts, setParts] = useState(start)
  const [filter, setFilter] = useState('')
  const table = useRef<HTMLTableElement>(null)
  const nameOf = (code: string) => {
    const unit = units.find((each) => each.code === code)
    return unit ? pick(unit.name, unit.nameEn) : code
  }
  const shown = useMemo(() => {
    const wanted = fold(filter.trim())
    const text = (unit: Unit) => fold(`${unit.name} ${unit.nameEn} ${unit.code} ${unit.notation ?? ''}`)
    return new Set(units.filter((unit) => text(unit).includes(wanted)).map((unit) => unit.code))
  }, [units, filter])
  const boxes = (row: HTMLTableRowElement) => [...row.querySelectorAll('input')]

  /** One part for each unit: the newest choice takes the others away. */
  const settle = (box: HTMLInputElement) => {
    const row = box.closest('tr')
    if (row && box.checked) for (const other of boxes(row)) if (other !== box) other.checked = false
    const ticked = (name: string) =>
      [...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${name}]:checked`) ?? [])].map(
        (each) => each.value,
      )
    setParts({
      lead: ticked('leadUnit')[0] ?? '',
      coordinating: ticked('coordinatingUnits'),
      information: ticked('informationUnits'),
    })
  }
  const onChange = (event: FormEvent) => {
    if (event.target instanceof HTMLInputElement) settle(event.target)
  }
  const onKey = (event: KeyboardEvent) => {
    const part = keys[event.key.toLowerCase()]
    if (!part || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
    const row = event.target.closest('tr')
    const box = row && boxes(row)[['lead', 'coordinate', 'information'].indexOf(part)]
    if (!box) return
    event.preventDefault()
    box.checked = part === 'lead' ? true : !box.checked
    box.focus()
    settle(box)
  }
  const toFirstRow = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return
    event.preventDefault()
    table.current?.querySelector<HTMLInputElement>('tbody tr:not([hidden]) input')?.focus()
  }
  const wrong = error('leadUnit') ?? error('coordinatingUnits') ?? error('informationUnits')
  return (
    <fieldset className="unit-picker" aria-describedby="units-hint">
      <legend>{t('units.label')}</legend>
      <ul className="unit-summary" aria-live="polite">
        <li data-part="lead">
          <span>{t('part.lead')}</span> {parts.lead ? nameOf(parts.lead) : <em>{t('units.none')}</em>}
        </li>
        {parts.coordinating.length > 0 && (
          <li>
            <span>{t('part.coordinate')}</span> {parts.coordinating.map(nameOf).join('; ')}
          </li>
        )}
        {parts.information.length > 0 && (
          <li>
            <span>{t('part.information')}</span> {parts.information.map(nameOf).join('; ')}
          </li>
        )}
      </ul>
      {wrong && <p className="field-error">{wrong}</p>}
      <input
        type="search"
        className="unit-filter needs-script"
        aria-label={t('units.filter')}
        placeholder={t('units.filter')}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={toFirstRow}
      />
      <div className="unit-scroll" tabIndex={-1}>
        <table ref={table} onChange={onChange} onKeyDown={onKey}>
          <thead>
            <tr>
              <th scope="col">{t('units.unit')}</th>
              <th scope="col">{t('part.lead')}</th>
              <th scope="col">{t('part.coordinate')}</th>
              <th scope="col">{t('part.information')}</th>
            </tr>
          </thead>
          <tbody>
            {units.map((unit) => {
              const name = pick(unit.name, unit.nameEn)
              return (
                <tr key={unit.code} hidden={!shown.has(unit.code)}>
                  <th scope="row">{name}</th>
                  <td>
                    <label>
                      <input
                        type="radio"
                        name="leadUnit"
                        value={unit.code}
                        defaultChecked={start.lead === unit.code}
                        aria-label={`${t('part.lead')}: ${name}`}
                      />
                    </label>
                  </td>
                  <td>
                    <label>
                      <input
                        type="checkbox"
                        name="coordinatingUnits"
                        value={unit.code}
                        defaultChecked={start.coordinating.includes(unit.code)}
                        aria-label={`${t('part.coordinate')}: ${name}`}
                      />
                    </label>
                  </td>
                  <td>
                    <label>
                      <input
                        type="checkbox"
                        name="informationUnits"
                        value={unit.code}
                        defaultChecked={start.information.includes(unit.code)}
                        aria-label={`${t('part.information')}: ${name}`}
                      />
                    </label>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
        {shown.size === 0 && <p className="muted">{t('units.noMatch')}</p>}
      </div>
      <p className="field-hint needs-script" id="units-hint">
        {t('units.keys')}
      </p>
    </fieldset>
  )
}

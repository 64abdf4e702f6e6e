import { useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { foldForSearch } from '#db/search-text.ts'
import { usePick } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'

type Unit = ChoicesOf<'incoming.direct'>['units'][number]

interface Parts {
  lead: string
  coordinating: readonly string[]
  information: readonly string[]
}

/** The boxes of a row, in their order, with the key that ticks each. */
const boxesOfRow = [
  { part: 'lead', field: 'leadUnit', key: 'l', unitsOf: ({ lead }: Parts) => (lead ? [lead] : []) },
  { part: 'coordinate', field: 'coordinatingUnits', key: 'c', unitsOf: ({ coordinating }: Parts) => coordinating },
  { part: 'information', field: 'informationUnits', key: 'i', unitsOf: ({ information }: Parts) => information },
] as const

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
    const wanted = foldForSearch(filter)
    const text = (unit: Unit) => foldForSearch(`${unit.name} ${unit.nameEn} ${unit.code} ${unit.notation ?? ''}`)
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
    const place = boxesOfRow.findIndex(({ key }) => key === event.key.toLowerCase())
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
    const row = event.target.closest('tr')
    const box = row && boxes(row)[place]
    if (!box) return
    event.preventDefault()
    box.checked = box.type === 'radio' || !box.checked
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
        {boxesOfRow
          .filter(({ part, unitsOf }) => part !== 'lead' && unitsOf(parts).length > 0)
          .map(({ part, unitsOf }) => (
            <li key={part}>
              <span>{t(`part.${part}`)}</span> {unitsOf(parts).map(nameOf).join('; ')}
            </li>
          ))}
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
              {boxesOfRow.map(({ part }) => (
                <th scope="col" key={part}>
                  {t(`part.${part}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {units.map((unit) => {
              const name = pick(unit.name, unit.nameEn)
              return (
                <tr key={unit.code} hidden={!shown.has(unit.code)}>
                  <th scope="row">{name}</th>
                  {boxesOfRow.map(({ part, field, unitsOf }) => (
                    <td key={part}>
                      <label>
                        <input
                          type={part === 'lead' ? 'radio' : 'checkbox'}
                          name={field}
                          value={unit.code}
                          defaultChecked={unitsOf(start).includes(unit.code)}
                          aria-label={`${t(`part.${part}`)}: ${name}`}
                        />
                      </label>
                    </td>
                  ))}
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

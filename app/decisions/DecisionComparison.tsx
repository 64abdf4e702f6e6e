import { useTranslation } from 'react-i18next'
import { Mark, type Tone } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'
import { inputWords, outputWords } from './cell-words.ts'
import type {
  Change,
  ComparedColumn,
  ComparedDecision,
  ComparedFact,
  ComparedRule,
  Sides,
} from './compare-decisions.ts'

const tones: Record<Change, Tone> = { added: 'good', removed: 'bad', changed: 'soon', moved: 'info', same: 'plain' }
/** Rules that stay are shown for their place among the others; of long tables only what changes. */
const MOST_SAME = 40

/** What differs between two drawings of a file, rule by rule and in words. */
export function DecisionComparison({ decisions }: { decisions: readonly ComparedDecision[] }) {
  const { t } = useTranslation('decisions')
  const differing = decisions.filter(({ change }) => change !== 'same')
  if (differing.length === 0) return <p className="panel">{t('compare.none')}</p>
  return (
    <div className="stack">
      {differing.map((decision) => (
        <OneDecision key={decision.id} decision={decision} />
      ))}
    </div>
  )
}

function OneDecision({ decision }: { decision: ComparedDecision }) {
  const { t } = useTranslation('decisions')
  const { id, name, change, facts, columns, rules } = decision
  const same = rules.filter((rule) => rule.change === 'same').length
  const shown = same > MOST_SAME ? rules.filter((rule) => rule.change !== 'same') : rules
  const drawn = change === 'changed' ? columns.filter((column) => column.change !== 'same') : []
  return (
    <section className="panel decision-comparison" aria-labelledby={`compared-${id}`}>
      <h2 id={`compared-${id}`}>
        {name} {change !== 'changed' && <Mark tone={tones[change]}>{t(`compare.change.${change}`)}</Mark>}
      </h2>
      {facts.length + drawn.length > 0 && (
        <ul className="decision-facts">
          {facts.map((fact) => (
            <li key={fact.what}>
              {t(`compare.fact.${fact.what}`)}: <FactWords fact={fact} />
            </li>
          ))}
          {drawn.map((column) => (
            <li key={`${column.side} ${column.id}`}>
              <ColumnWords column={column} />
            </li>
          ))}
        </ul>
      )}
      {shown.length > 0 && <Rules name={name} columns={columns} rules={shown} />}
      {shown.length < rules.length && <p className="muted small-text">{t('compare.same', { count: same })}</p>}
    </section>
  )
}

function Rules({
  name,
  columns,
  rules,
}: {
  name: string
  columns: readonly ComparedColumn[]
  rules: readonly ComparedRule[]
}) {
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  const say = (key: string, values?: Record<string, string>) => t(`cell.${key}`, { ...values })
  const labels = columns.map(labelOf)
  const numbered = ({ before, after }: Sides<number>) =>
    [...new Set([before, after])].flatMap((at) => (at === null ? [] : number(at))).join(' → ')
  return (
    <div className="data-list">
      <table className="list">
        <caption className="only-read">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{t('compare.what')}</th>
            <th scope="col">{t('compare.rule')}</th>
            {columns.map((column, at) => (
              <th key={`${column.side} ${column.id}`} scope="col">
                <small>{t(`compare.${column.side}`)}</small> {labels[at]}
              </th>
            ))}
            <th scope="col">{t('compare.note')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={`${rule.id} ${rule.change}`} data-change={rule.change}>
              <td data-main="">
                <Mark tone={tones[rule.change]}>{t(`compare.change.${rule.change}`)}</Mark>
              </td>
              <td data-label={t('compare.rule')}>{numbered(rule.number)}</td>
              {rule.cells.map((cell, at) => {
                const words = columns[at]?.side === 'output' ? outputWords : inputWords
                const said = (feel: string | null) => (feel === null ? null : words(feel, say))
                return (
                  <td key={`${columns[at]?.side} ${columns[at]?.id}`} data-label={labels[at]}>
                    <CellWords change={rule.change} before={said(cell.before)} after={said(cell.after)} />
                  </td>
                )
              })}
              <td data-label={t('compare.note')}>
                <CellWords change={rule.change} {...rule.note} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Of a rule that came, there is nothing to compare. */
function CellWords({ change, before, after }: Sides<string> & { change: Change }) {
  return change === 'added' ? <span>{after}</span> : <Differs before={before} after={after} />
}

/** What was, struck through, and what is, underlined; said so to whoever hears it. */
function Differs({ before, after }: Sides<string>) {
  const { t } = useTranslation('decisions')
  if (before === after) return <span>{after}</span>
  return (
    <span>
      {before !== null && before !== '' && (
        <del>
          <span className="only-read">{t('compare.was')} </span>
          {before}
        </del>
      )}{' '}
      {after !== null && after !== '' && (
        <ins>
          <span className="only-read">{t('compare.is')} </span>
          {after}
        </ins>
      )}
    </span>
  )
}

function FactWords({ fact: { what, before, after } }: { fact: ComparedFact }) {
  const { t } = useTranslation('decisions')
  const said = (value: string | null) =>
    value === null || what === 'name' || what === 'expression' ? value : t(`compare.${what}.${value}`, value)
  return <Differs before={said(before)} after={said(after)} />
}

function ColumnWords({ column }: { column: ComparedColumn }) {
  const { t } = useTranslation('decisions')
  const { side, change, label, expression, type } = column
  return (
    <>
      {t(`compare.column.${side}`)} <strong>{labelOf(column)}</strong>: {t(`compare.change.${change}`)}
      {change === 'changed' &&
        [label, expression, type]
          .filter(({ before, after }) => before !== after)
          .map((sides) => (
            <span key={`${sides.before} ${sides.after}`}>
              {' '}
              <Differs {...sides} />
            </span>
          ))}
    </>
  )
}

const labelOf = ({ label, expression }: ComparedColumn) =>
  label.after || label.before || expression.after || expression.before || ''

import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { FlowDifference } from '#bpmn/compare.ts'
import { Mark, type Tone } from '../components/marks.tsx'
import { useFormats } from '../viewer.ts'
import { CompareSide } from './CompareSide.tsx'
import type { Side, SideChoice } from './compare-sides.server.ts'

const tones: Record<FlowDifference['change'], Tone> = { added: 'good', removed: 'bad', changed: 'soon', moved: 'plain' }

/** Two drawings side by side, coloured by what differs, and the same as a list in words. */
export function ComparePage({
  from,
  to,
  choices,
  before,
  after,
  differences,
}: {
  from: string
  to: string
  choices: SideChoice[]
  before: Side
  after: Side
  differences: FlowDifference[]
}) {
  const { t } = useTranslation('designer')
  const { t: tf } = useTranslation('flows')
  const { number } = useFormats()
  const called = (choice: { version: number | null; savedBy?: string | null; revision?: number | null }) =>
    choice.version !== null
      ? t('drafts.version', { version: number(choice.version) })
      : choice.revision
        ? t('compare.revision', { revision: number(choice.revision) })
        : t('compare.draftOf', { name: choice.savedBy ?? '' })
  const options = (value: string, side: Side) =>
    choices.some((choice) => choice.value === value) ? choices : [{ ...side, value, savedBy: null }, ...choices]
  // What was only drawn elsewhere runs as before: it is counted, not listed.
  const said = differences.filter(({ change }) => change !== 'moved')
  const drawn = differences.length - said.length
  const marked = (change: FlowDifference['change']) =>
    differences.filter((one) => one.change === change).map(({ elementId }) => elementId)
  const kindOf = ({ kind }: FlowDifference) =>
    kind === 'sequenceFlow' || kind === 'process'
      ? t(`compare.${kind}`)
      : t(`outline.kind.${kind[0]?.toUpperCase()}${kind.slice(1)}`, { defaultValue: tf(`kind.${kind}`, kind) })
  // A way is known by the steps that it joins.
  const headOf = (one: FlowDifference) => (one.kind === 'sequenceFlow' ? kindOf(one) : one.name || kindOf(one))
  return (
    <>
      <Form className="compare-choice">
        <label>
          {t('compare.from')}
          <select name="from" defaultValue={from} key={from}>
            {options(from, before).map((choice) => (
              <option key={choice.value} value={choice.value}>
                {called(choice)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('compare.to')}
          <select name="to" defaultValue={to} key={to}>
            {options(to, after).map((choice) => (
              <option key={choice.value} value={choice.value}>
                {called(choice)}
              </option>
            ))}
          </select>
        </label>
        <button className="designer-small">{t('compare.do')}</button>
      </Form>
      <div className="compare-sides">
        <CompareSide
          label={`${t('compare.from')}: ${called(before)}`}
          xml={before.xml}
          marks={{ removed: marked('removed'), changed: marked('changed'), added: [] }}
        />
        <CompareSide
          label={`${t('compare.to')}: ${called(after)}`}
          xml={after.xml}
          marks={{ added: marked('added'), changed: marked('changed'), removed: [] }}
        />
      </div>
      <section className="panel" aria-labelledby="differences">
        <h2 id="differences">{t('compare.list')}</h2>
        {said.length === 0 ? (
          <p>{t('compare.none')}</p>
        ) : (
          <table className="list">
            <thead>
              <tr>
                <th scope="col">{t('compare.what')}</th>
                <th scope="col">{t('compare.element')}</th>
                <th scope="col">{t('compare.parts')}</th>
              </tr>
            </thead>
            <tbody>
              {said.map((one) => (
                <tr key={`${one.change} ${one.elementId}`}>
                  <td>
                    <Mark tone={tones[one.change]}>{t(`compare.change.${one.change}`)}</Mark>
                  </td>
                  <th scope="row">
                    <span title={one.elementId}>{headOf(one)}</span>
                    <small className="muted block">{one.kind === 'sequenceFlow' ? one.name : kindOf(one)}</small>
                  </th>
                  <td>{one.parts.map((part) => t(`compare.part.${part}`, { defaultValue: part })).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {drawn > 0 && <p className="muted small-text">{t('compare.drawn', { count: drawn })}</p>}
      </section>
    </>
  )
}

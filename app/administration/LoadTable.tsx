import { useTranslation } from 'react-i18next'
import type { FlowElement } from '#db/administration.ts'
import { Mark } from '../components/marks.tsx'
import { useFormats, usePick } from '../viewer.ts'

/** How many cases stand at each step and how long they stay, in words: what `LoadMap` colours. */
export function LoadTable({ elements }: { elements: readonly FlowElement[] }) {
  const { t } = useTranslation('flows')
  const { number, duration } = useFormats()
  const pick = usePick()
  // What nobody works at is a row only where something stands there or went wrong.
  const shown = elements.filter(({ kind, cases, incidents }) => kind === 'userTask' || cases > 0 || incidents > 0)
  const span = (ms: number | null) => (ms === null ? <span className="muted">–</span> : duration(ms))
  const counted = [
    ['load.cases', 'cases', false],
    ['openTasks', 'openTasks', false],
    ['overdueTasks', 'overdue', true],
    ['incidents', 'incidents', true],
  ] as const
  return (
    <div className="wide-table" tabIndex={0} role="region" aria-label={t('load.table')}>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t('element')}</th>
            {[...counted.map(([key]) => key), 'load.median', 'load.p95'].map((key) => (
              <th scope="col" className="number" key={key}>
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((element) => (
            <tr key={element.id}>
              <th scope="row">
                {pick(element.name, element.nameEn) || t(`kind.${element.kind}`, { defaultValue: element.id })}
                {element.kind !== 'userTask' && element.name !== '' && (
                  <small className="muted block">{t(`kind.${element.kind}`, { defaultValue: '' })}</small>
                )}
              </th>
              {counted.map(([key, field, bad]) => (
                <td className="number" key={key}>
                  <Count count={element[field]} bad={bad} text={number(element[field])} />
                </td>
              ))}
              <td className="number">{span(element.median)}</td>
              <td className="number">{span(element.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Count({ count, bad, text }: { count: number; bad: boolean; text: string }) {
  if (count === 0) return <span className="muted">0</span>
  return bad ? <Mark tone="bad">{text}</Mark> : <strong>{text}</strong>
}

import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowElement } from '#db/administration.ts'
import { FlowDiagram, type Badge } from '../components/FlowDiagram.tsx'
import { useFormats } from '../viewer.ts'

const measures = ['cases', 'median', 'p95', 'overdue'] as const
type Measure = (typeof measures)[number]

/**
 * Where cases stand on the diagram, coloured by what one looks for: how many, how long they stay, how many are overdue. Each
 * coloured element carries its number; `LoadTable` says all of them in words.
 */
export function LoadMap({
  xml,
  elements,
  pointed,
  onPick,
  title,
}: {
  xml: string
  elements: readonly FlowElement[]
  pointed?: string | null
  onPick?: (elementId: string) => void
  title?: ReactNode
}) {
  const { t } = useTranslation('flows')
  const { number, duration } = useFormats()
  const [by, setBy] = useState<Measure>('cases')
  const name = useId()
  const most = Math.max(1, ...elements.map((element) => element[by] ?? 0))
  const badges = elements.flatMap((element): Badge[] => {
    const value = element[by] ?? 0
    if (value === 0) return []
    const text = by === 'median' || by === 'p95' ? duration(value) : number(value)
    const bad = by === 'overdue' || (by === 'cases' && element.overdue > 0)
    return [{ id: element.id, text, bad, level: Math.max(1, Math.ceil((value / most) * 5)) as Badge['level'] }]
  })
  return (
    <FlowDiagram
      xml={xml}
      active={[]}
      done={[]}
      incidents={elements.filter(({ incidents }) => incidents > 0).map(({ id }) => id)}
      badges={badges}
      pointed={pointed}
      onPick={onPick}
      bar={
        <fieldset className="load-by needs-script">
          <legend>{title ?? t('load.by')}</legend>
          {measures.map((measure) => (
            <label key={measure}>
              <input type="radio" name={name} checked={by === measure} onChange={() => setBy(measure)} />
              {t(`load.${measure}`)}
            </label>
          ))}
        </fieldset>
      }
    />
  )
}

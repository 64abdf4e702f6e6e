import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../viewer.ts'

const tabNames = ['properties', 'outline', 'findings', 'trial', 'history', 'publish'] as const
export type TabName = (typeof tabNames)[number]

/** What stands beside the drawing, one panel at a time. All stay in the page, as bpmn.io draws into one of them. */
export function DesignerTabs({
  tab,
  onTab,
  panels,
  counts,
  bad,
}: {
  tab: TabName
  onTab: (tab: TabName) => void
  panels: Record<TabName, ReactNode>
  counts: Partial<Record<TabName, number>>
  bad: Partial<Record<TabName, boolean>>
}) {
  const { t } = useTranslation('designer')
  const { number } = useFormats()
  const list = useRef<HTMLDivElement>(null)
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabNames[(tabNames.indexOf(tab) + step + tabNames.length) % tabNames.length] ?? tab
    onTab(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  return (
    <aside className="designer-side" aria-label={t('side')}>
      <div ref={list} role="tablist" aria-label={t('side')} className="designer-tabs" onKeyDown={onKey}>
        {tabNames.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-controls={`panel-${name}`}
            aria-selected={name === tab}
            tabIndex={name === tab ? 0 : -1}
            onClick={() => onTab(name)}
          >
            {t(`tab.${name}`)}
            {(counts[name] ?? 0) > 0 && (
              <span className="way-count" data-tone={bad[name] ? 'bad' : undefined}>
                {number(counts[name] ?? 0)}
              </span>
            )}
          </button>
        ))}
      </div>
      {tabNames.map((name) => (
        <div
          key={name}
          role="tabpanel"
          id={`panel-${name}`}
          aria-labelledby={`tab-${name}`}
          className="designer-panel"
          hidden={name !== tab}
          tabIndex={0}
        >
          {panels[name]}
        </div>
      ))}
    </aside>
  )
}

import { useTranslation } from 'react-i18next'
import type { CaseView } from '#db/case-view.ts'
import { CaseDiagram } from '../cases/CaseDiagram.tsx'
import { StateMark } from '../components/marks.tsx'
import { usePick } from '../viewer.ts'
import { History, WhoHasIt } from './History.tsx'
import '../styles/case.css'

/** Everything about a case: who has it now, what happened, where it stands in its flow. */
export function CaseSection({
  view,
  fileOf,
  shownAbove = null,
}: {
  view: CaseView
  /** Words that the page says above already. */
  shownAbove?: string | null
  fileOf?: (sha256: string) => { href: string; version: number } | undefined
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  return (
    <section className="case-section" aria-labelledby="case-heading">
      <h2 id="case-heading">
        {pick(view.flow.name, view.flow.nameEn)} <StateMark state={view.status} />
      </h2>
      <div className="case-columns">
        <section className="panel" aria-labelledby="now-heading">
          <h3 id="now-heading">{t('now.heading')}</h3>
          <WhoHasIt tasks={view.tasks} />
        </section>
        <section className="panel" aria-labelledby="history-heading">
          <h3 id="history-heading">{t('history.heading')}</h3>
          <History lines={view.history} fileOf={fileOf} shownAbove={shownAbove} />
        </section>
      </div>
      <CaseDiagram
        caseId={view.caseId}
        xml={view.flow.xml}
        active={view.active}
        done={view.done}
        incidents={view.incidents}
        steps={view.steps.map((step) => ({ id: step.id, name: pick(step.vi, step.en) }))}
      />
    </section>
  )
}

import { useTranslation } from 'react-i18next'
import type { CaseTask } from '#db/case-view.ts'
import { When } from '../components/marks.tsx'
import { usePick } from '../viewer.ts'
import { isStance, StanceMark } from './StanceMark.tsx'

/** What the coordinating units said, and which of them are still awaited. */
export function Opinions({ given, awaited }: { given: readonly CaseTask[]; awaited: readonly CaseTask[] }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  if (given.length === 0 && awaited.length === 0) return null
  return (
    <section className="opinions" aria-labelledby="opinions-heading">
      <h3 id="opinions-heading">{t('opinions.heading')}</h3>
      {given.map((task) => (
        <blockquote key={task.taskId}>
          <p>
            {isStance(task.outcome) && <StanceMark stance={task.outcome} />}{' '}
            {task.outcome === 'notConcerned' ? t('opinions.notConcerned', { reason: task.opinion }) : task.opinion}
          </p>
          <footer className="muted">
            {task.endedBy && pick(task.endedBy.unitName, task.endedBy.unitNameEn)}
            {task.endedBy && ` · ${task.endedBy.fullName}`} {task.endedAt !== null && <When at={task.endedAt} />}
          </footer>
        </blockquote>
      ))}
      {awaited.length > 0 && (
        <p className="muted">
          {t('opinions.awaited')}{' '}
          {awaited
            .map((task) =>
              pick(task.person?.unitName ?? task.unitName ?? '', task.person?.unitNameEn ?? task.unitNameEn ?? ''),
            )
            .join('; ')}
        </p>
      )}
    </section>
  )
}

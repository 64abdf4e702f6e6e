import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { GivenCase, UnitLoad } from '#db/home.ts'
import { DueMark } from '../components/marks.tsx'
import { useFormats, usePick } from '../viewer.ts'
import { useHolderWords } from './NextHolders.tsx'

/** The unit's open tasks by person, the overdue ones as the darker part of the bar; the numbers say the same. */
export function UnitLoadChart({ load }: { load: readonly UnitLoad[] }) {
  const { t } = useTranslation('home')
  const { number } = useFormats()
  const most = Math.max(1, ...load.map(({ open }) => open))
  return (
    <section className="panel" aria-labelledby="load-heading">
      <h2 id="load-heading">{t('load.heading')}</h2>
      <ul className="loads">
        {load.map((each) => (
          <li key={each.postId ?? 'queue'}>
            <span className="load-name">{each.fullName ?? <em>{t('load.queue')}</em>}</span>
            <span className="load-number">
              {number(each.open)}
              {each.overdue > 0 && <strong> · {t('load.overdue', { count: each.overdue })}</strong>}
            </span>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="load-ground" width="100" height="6" />
              <rect className="load-open" width={(each.open / most) * 100} height="6" />
              <rect className="load-overdue" width={(each.overdue / most) * 100} height="6" />
            </svg>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What others have that I passed on. */
export function WaitedFor({ cases }: { cases: readonly GivenCase[] }) {
  const { t } = useTranslation('home')
  const pick = usePick()
  const words = useHolderWords()
  return (
    <section className="panel" aria-labelledby="waited-heading">
      <h2 id="waited-heading">{t('waited.heading')}</h2>
      {cases.length === 0 && <p className="muted">{t('waited.nothing')}</p>}
      <ul className="waited">
        {cases.map((each) => {
          const [first] = each.open
          return (
            <li key={each.caseId}>
              <Link
                to={each.documentId ? `/documents/${each.documentId}` : `/cases/${each.caseId}`}
                data-code={each.code ? '' : undefined}
              >
                {each.code ?? each.subject}
              </Link>
              {first && <DueMark dueAt={first.dueAt} />}
              {first && (
                <small className="muted">
                  {pick(first.askVi, first.askEn)} – {words(first)}
                </small>
              )}
            </li>
          )
        })}
      </ul>
      {(cases[0]?.total ?? 0) > cases.length && <Link to="/given">{t('waited.all', { count: cases[0]?.total })}</Link>}
    </section>
  )
}

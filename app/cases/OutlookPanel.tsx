import { useTranslation } from 'react-i18next'
import type { CaseOutlook, Wait } from '#db/case-outlook.ts'
import { When } from '../components/marks.tsx'
import { useHolderWords } from '../tasks/NextHolders.tsx'
import { useFormats, usePick, useSentence } from '../viewer.ts'

/** What can happen next in a case: who could act, by when, and what else it waits for. */
export function OutlookPanel({ outlook }: { outlook: CaseOutlook }) {
  const { t } = useTranslation('cases')
  const pick = usePick()
  const words = useHolderWords()
  const { dateTime } = useFormats()
  const { steps, waits } = outlook
  if (steps.length === 0 && waits.length === 0) return null
  return (
    <section className="panel" aria-labelledby="outlook">
      <h3 id="outlook">{t('outlook.title')}</h3>
      {steps.length > 0 && (
        <ul className="outlook">
          {steps.map((step, index) => (
            <li key={index}>
              <strong>{pick(step.askVi, step.askEn)}</strong>
              <span className="muted">
                {[
                  step.forEach ? t('outlook.forEach') : words(step) || t('outlook.unknown'),
                  !step.certain && t('outlook.uncertain'),
                  step.due && t(step.due.ifNow ? 'outlook.dueIfNow' : 'outlook.due', { at: dateTime(step.due.at) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {waits.length > 0 && (
        <>
          <h4>{t('outlook.waits')}</h4>
          <ul className="outlook">
            {waits.map((wait, index) => (
              <WaitLine key={index} wait={wait} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function WaitLine({ wait }: { wait: Wait }) {
  const { t } = useTranslation('cases')
  const say = useSentence()
  return (
    <li>
      <span>
        {t(`wait.${wait.kind}`, { element: say(wait.element), name: wait.name ?? '' })}
        {wait.dueAt !== null && (
          <>
            {' '}
            <When at={wait.dueAt} />
          </>
        )}
      </span>
      {wait.at && <span className="muted">{t('wait.at', { element: say(wait.at) })}</span>}
    </li>
  )
}

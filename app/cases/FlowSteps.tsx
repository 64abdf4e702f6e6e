import { useTranslation } from 'react-i18next'
import type { FlowStep } from '#db/flow-outlook.ts'
import { writeSpan } from '../designer/span.ts'
import { useHolderWords } from '../tasks/NextHolders.tsx'
import { useSentence } from '../viewer.ts'

/** What a flow asks of people: who does each step, how long they have, and what comes then. */
export function FlowSteps({ steps }: { steps: readonly FlowStep[] }) {
  const { t } = useTranslation(['cases', 'tasks'])
  const say = useSentence()
  const words = useHolderWords()
  if (steps.length === 0) return null
  const span = (duration: string) =>
    writeSpan(duration, (key, values) => t(`cases:${key}`, { count: Number(values?.count) }))
  return (
    <section className="panel" aria-labelledby="flow-steps">
      <h2 id="flow-steps">{t('cases:steps.title')}</h2>
      <table className="list steps">
        <thead>
          <tr>
            <th scope="col">{t('cases:steps.step')}</th>
            <th scope="col">{t('cases:steps.who')}</th>
            <th scope="col">{t('cases:steps.due')}</th>
            <th scope="col">{t('cases:steps.then')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.elementId}>
              <th scope="row">
                {say(step.step)}
                {step.first && <small className="muted block">{t('cases:steps.first')}</small>}
              </th>
              <td>
                {(step.holder && words(step.holder)) ||
                  (step.computed === null ? (
                    t('cases:steps.nobody')
                  ) : (
                    <span title={step.computed}>{t('cases:steps.computed')}</span>
                  ))}
              </td>
              <td>
                {step.dueAt ? (
                  <span title={step.dueAt}>{t('cases:steps.dueComputed')}</span>
                ) : step.sla?.startsWith('=') ? (
                  <span title={step.sla}>{t('cases:steps.dueComputed')}</span>
                ) : step.sla ? (
                  t(step.workingTime ? 'cases:steps.working' : 'cases:steps.plain', { span: span(step.sla) })
                ) : (
                  <span className="muted">{t('cases:steps.noDue')}</span>
                )}
              </td>
              <td>
                {step.then.length === 0
                  ? t('cases:steps.end')
                  : step.then
                      .map((next) => (next.certain ? say(next) : t('cases:steps.maybe', { step: say(next) })))
                      .join('; ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

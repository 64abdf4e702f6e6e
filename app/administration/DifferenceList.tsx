import { useTranslation } from 'react-i18next'
import type { FlowDifference } from '#bpmn/compare.ts'

/** What one version of a flow has, lacks or says differently, in words. */
export function DifferenceList({ differences }: { differences: readonly FlowDifference[] }) {
  const { t } = useTranslation(['migrations', 'flows'])
  // Ways between steps come and go with the steps: they are said only where nothing else changed.
  const steps = differences.filter(({ kind }) => kind !== 'sequenceFlow')
  const shown = (steps.length > 0 ? steps : differences).filter(({ change }) => change !== 'moved')
  const drawn = differences.filter(({ change }) => change === 'moved').length
  return (
    <>
      {shown.length === 0 && drawn === 0 && <p className="muted">{t('migrations:difference.none')}</p>}
      <ul className="differences">
        {shown.map(({ elementId, kind, name, change, parts }) => (
          <li key={elementId} data-change={change}>
            <strong>{t(`migrations:difference.${change}`)}</strong> {name || elementId}{' '}
            <small className="muted">
              {t(`flows:kind.${kind}`, { defaultValue: t(`migrations:kind.${kind}`, { defaultValue: kind }) })}
              {parts.length > 0 && (
                <>
                  {': '}
                  {[
                    ...new Set(
                      parts.map((part) => t(`migrations:part.${part}`, { defaultValue: t('migrations:part.other') })),
                    ),
                  ].join(', ')}
                </>
              )}
            </small>
          </li>
        ))}
      </ul>
      {drawn > 0 && <p className="muted small-text">{t('migrations:difference.drawn', { count: drawn })}</p>}
    </>
  )
}

import { useTranslation } from 'react-i18next'
import type { Finding } from '#bpmn/finding.ts'
import { Mark } from '../components/marks.tsx'
import { useLanguage } from '../viewer.ts'

/** What publishing would say, each leading to its element. */
export function FindingList({ findings, onShow }: { findings: Finding[] | null; onShow: (elementId: string) => void }) {
  const { t } = useTranslation('designer')
  const language = useLanguage()
  if (findings === null) return <p className="muted designer-hint">{t('findings.checking')}</p>
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return (
    <div className="designer-scroll">
      <p role="status" className="designer-hint">
        {findings.length === 0
          ? t('findings.none')
          : errors > 0
            ? t('findings.barred', { count: errors })
            : t('findings.doubts', { count: findings.length })}
      </p>
      <ul className="finding-list">
        {findings.map((finding, index) => (
          <li key={index}>
            <Mark
              tone={finding.severity === 'error' ? 'bad' : 'soon'}
              icon={finding.severity === 'error' ? 'warning' : 'flag'}
            >
              {t(`findings.${finding.severity}`)}
            </Mark>
            {finding.elementId === null ? (
              <p>{finding[language]}</p>
            ) : (
              <button type="button" className="link-button" onClick={() => onShow(finding.elementId ?? '')}>
                {finding[language]}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

import { useTranslation } from 'react-i18next'

/** What the engine or another system said, in its own words (English), for those who mend it. */
export function TechnicalDetail({ children }: { children: string }) {
  const { t } = useTranslation('administration')
  return (
    <details className="technical-detail small-text">
      <summary>{t('technicalDetail')}</summary>
      <p lang="en">{children}</p>
    </details>
  )
}

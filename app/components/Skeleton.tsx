import { useTranslation } from 'react-i18next'

/** Grey rows in the place of what is on its way: `rows` of 40 px, so that nothing jumps when it comes. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation('common')
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  )
}

import { NavLink } from '@remix-run/react'
import { useTranslation } from 'react-i18next'

const ways = ['certificates', 'delegations', 'authorities'] as const

/** Between the pages on whom to trust and who may sign. */
export function SigningWays() {
  const { t } = useTranslation('trust')
  return (
    <nav className="years" aria-label={t('ways.label')}>
      {ways.map((name) => (
        <NavLink key={name} to={`/administration/${name}`} prefetch="intent">
          {t(`ways.${name}`)}
        </NavLink>
      ))}
    </nav>
  )
}

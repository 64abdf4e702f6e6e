import { Link, useLocation } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Trouble } from '#db/incidents.ts'
import { useFormats } from '../viewer.ts'

const tabs = [
  { name: 'health', to: '/administration' },
  { name: 'incidents', to: '/administration/incidents' },
  { name: 'cases', to: '/administration/cases', also: ['/administration/migrations'] },
  { name: 'outbox', to: '/administration/outbox' },
  { name: 'flows', to: '/flows' },
  { name: 'people', to: '/administration/people' },
  { name: 'agencies', to: '/administration/agencies' },
  { name: 'kinds', to: '/administration/kinds' },
  { name: 'holidays', to: '/administration/holidays' },
  {
    name: 'signing',
    to: '/administration/certificates',
    also: ['/administration/delegations', '/administration/authorities'],
  },
  { name: 'audit', to: '/administration/audit' },
] as const satisfies { name: string; to: string; also?: string[] }[]
type Tab = (typeof tabs)[number]

const holds = (tab: Tab, pathname: string) =>
  tab.to === '/administration'
    ? pathname === tab.to
    : pathname.startsWith(tab.to) || ('also' in tab && tab.also.some((way) => pathname.startsWith(way)))

/** The ways within the administration, with what waits for somebody. */
export function AdministrationTabs({ trouble }: { trouble?: Trouble }) {
  const { t } = useTranslation('administration')
  const { number } = useFormats()
  const counts: Partial<Record<Tab['name'], number>> = trouble
    ? { incidents: trouble.incidents + trouble.stuck, outbox: trouble.failedCalls }
    : {}
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On the phone the ways are wider than the screen: the one people are in is kept in sight.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [pathname])
  return (
    <nav ref={nav} className="section-tabs not-printed" aria-label={t('tabs.label')}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.name}>
            <Link to={tab.to} aria-current={holds(tab, pathname) ? 'page' : undefined} prefetch="intent">
              {t(`tabs.${tab.name}`)}
              {(counts[tab.name] ?? 0) > 0 && <span className="way-count">{number(counts[tab.name] ?? 0)}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

import { Form, NavLink, useNavigation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Counts } from '../counts.server.ts'
import { useLiveCounts } from '../live-counts.ts'
import { navigation, type NavigationItem } from '../navigation.ts'
import { useFormats, useFrame, useMay } from '../viewer.ts'
import { Bell } from './Bell.tsx'
import { Icon } from './Icon.tsx'
import { KeyList } from './KeyList.tsx'
import { OfflineNote } from './OfflineNote.tsx'
import { MeMenu, PostSwitch } from './MeMenu.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { useClosing } from './use-closing.ts'

/** The signed-in shell: skip link, top, ways on the left (a bar and a drawer on the phone), and the page. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation('frame')
  const { counts: initial, post } = useFrame()
  const counts = useLiveCounts(initial, post.id)
  const may = useMay()
  const items = navigation.filter((item) => may(item.permission))
  const drawer = useClosing()
  const busy = useNavigation().state !== 'idle'
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {t('skip')}
      </a>
      <div className="progress" data-busy={busy ? '' : undefined} role="presentation" />
      <Top counts={counts} />
      <nav className="side" aria-label={t('navigation.label')}>
        <Ways items={items} counts={counts} />
      </nav>
      <main id="page" className="page" tabIndex={-1} aria-busy={busy || undefined}>
        <OfflineNote />
        {children}
      </main>
      <nav className="bottom" aria-label={t('navigation.phone')}>
        <Ways items={items.filter((item) => item.onPhone)} counts={counts} />
        <details className="drawer" ref={drawer}>
          <summary>
            <Icon name="menu" size={20} />
            {t('navigation.more')}
          </summary>
          <div className="drawer-body">
            <Ways items={items.filter((item) => !item.onPhone)} counts={counts} />
            <PostSwitch />
            <LanguageSwitch />
          </div>
        </details>
      </nav>
      <p className="only-read" role="status">
        {t('navigation.live', { count: counts.inbox })}
      </p>
      <KeyList />
    </div>
  )
}

function Top({ counts }: { counts: Counts }) {
  const { t } = useTranslation('frame')
  const { search } = useFrame()
  return (
    <header className="top">
      <NavLink to="/" className="brand">
        <img src="/icon.svg" alt="" width={24} height={24} />
        <strong>iMOIT</strong>
      </NavLink>
      <Form className="search-box" action="/search" role="search">
        <Icon name="search" />
        <input
          id="search"
          name="q"
          type="search"
          defaultValue={search}
          placeholder={t('search.placeholder')}
          aria-label={t('search.label')}
          aria-keyshortcuts="/"
        />
        <kbd aria-hidden="true">/</kbd>
      </Form>
      <div className="top-posts">
        <PostSwitch />
      </div>
      <div className="top-language">
        <LanguageSwitch />
      </div>
      <Bell counts={counts} />
      <MeMenu />
    </header>
  )
}

function Ways({ items, counts }: { items: readonly NavigationItem[]; counts: Counts }) {
  const { t } = useTranslation('frame')
  const { number } = useFormats()
  return (
    <ul className="ways">
      {items.map((item) => {
        const count = item.count ? counts[item.count] : 0
        return (
          <li key={item.name}>
            <NavLink to={item.to} end={item.to === '/'} prefetch="intent">
              <Icon name={item.icon} size={18} />
              <span>{t(`navigation.${item.name}`)}</span>
              {count > 0 && (
                <span className="way-count" data-overdue={item.name === 'tasks' && counts.overdue > 0 ? '' : undefined}>
                  {number(count)}
                  {item.name === 'tasks' && counts.overdue > 0 && (
                    <span className="only-read"> {t('navigation.overdue', { count: counts.overdue })}</span>
                  )}
                </span>
              )}
            </NavLink>
          </li>
        )
      })}
    </ul>
  )
}

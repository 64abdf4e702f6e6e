import { Form, Link, Outlet, useLoaderData, useLocation, useParams } from '@remix-run/react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { letter, mailbox, markRead } from '#db/letters.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { Icon } from '../components/Icon.tsx'
import { guardedLoader } from '../guard.server.ts'
import { withParams } from '../list-query.ts'
import { LetterList } from '../mailbox/LetterList.tsx'
import { readMailboxAddress } from '../mailbox/mailbox-query.ts'
import { useLetterKeys } from '../mailbox/use-letter-keys.ts'
import '../styles/mail.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['mail'], title: 'mail:title' }

/** The list beside the letter. The letter that is being opened stands in it as read already. */
export const loader = guardedLoader('mailbox:read', async ({ request, params, db, person }) => {
  const query = readMailboxAddress(request.url)
  const opened = params.letterId ? await letter(db, person.email, params.letterId) : null
  if (opened?.readAt === null) await markRead(db, person.email, opened.id)
  const { letters, total, unread, found, pages } = await mailbox(db, person.email, { ...query, reading: opened?.id })
  const rows = letters.map(({ attachments, ...row }) => ({ ...row, files: attachments.length }))
  return { letters: rows, total, unread, found, pages, query }
})

/** The marks of read and unread change with every letter that is opened. */
export const shouldRevalidate = () => true

export default function Mailbox() {
  const { letters, total, unread, found, pages, query } = useLoaderData<typeof loader>()
  const { letterId } = useParams()
  const { search } = useLocation()
  const { t } = useTranslation('mail')
  const { number } = useFormats()
  const pane = useRef<HTMLElement>(null)
  useLetterKeys(pane)
  // The page has one h1: the open letter's subject, or else the mailbox.
  const Heading = letterId ? 'h2' : 'h1'
  const shown = (unreadOnly: boolean) => withParams(search, { unread: unreadOnly ? 1 : null, page: null })
  return (
    <div className="mail" data-open={letterId ? '' : undefined}>
      <section className="mail-list" ref={pane} aria-labelledby="mailbox">
        <header className="mail-head">
          <Heading id="mailbox">{t('title')}</Heading>
          <nav className="mail-filter" aria-label={t('filter.label')}>
            <Link to={`/mail${shown(false)}`} aria-current={query.unreadOnly ? undefined : 'true'}>
              {t('filter.all')} <small>{number(total)}</small>
            </Link>
            <Link to={`/mail${shown(true)}`} aria-current={query.unreadOnly ? 'true' : undefined}>
              {t('filter.unread')} <small>{number(unread)}</small>
            </Link>
          </nav>
          <Form action="/mail" role="search" aria-label={t('find')} className="mail-search">
            {query.unreadOnly && <input type="hidden" name="unread" value="1" />}
            <Icon name="search" />
            <input
              key={query.search}
              type="search"
              name="find"
              defaultValue={query.search}
              maxLength={200}
              placeholder={t('find')}
              aria-label={t('find')}
            />
          </Form>
        </header>
        {letters.length === 0 ? (
          <NoLetters />
        ) : (
          <>
            <LetterList letters={letters} openId={letterId} />
            <nav className="pages" aria-label={t('pages')}>
              <span>{t('found', { count: found })}</span>
              {pages > 1 && (
                <span className="row">
                  {query.page > 1 && (
                    <Link to={`/mail${withParams(search, { page: query.page - 1 })}`}>
                      <Icon name="left" /> {t('newerPage')}
                    </Link>
                  )}
                  <span>{t('page', { page: number(query.page), last: number(pages) })}</span>
                  {query.page < pages && (
                    <Link to={`/mail${withParams(search, { page: query.page + 1 })}`}>
                      {t('olderPage')} <Icon name="right" />
                    </Link>
                  )}
                </span>
              )}
            </nav>
          </>
        )}
      </section>
      <div className="mail-letter">
        <Outlet />
      </div>
    </div>
  )
}

function NoLetters() {
  const { total, query } = useLoaderData<typeof loader>()
  const { t } = useTranslation('mail')
  if (query.search)
    return (
      <EmptyState title={t('empty.search', { words: query.search })}>
        <Link to="/mail">{t('empty.showAll')}</Link>
      </EmptyState>
    )
  if (total === 0) return <EmptyState title={t('empty.none')}>{t('empty.noneHint')}</EmptyState>
  return (
    <EmptyState title={query.unreadOnly ? t('empty.unread') : t('empty.page')}>
      <Link to="/mail">{t('empty.showAll')}</Link>
    </EmptyState>
  )
}

export { RouteError as ErrorBoundary }

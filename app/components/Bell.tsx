import { Link, useFetcher } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { Counts } from '../counts.server.ts'
import type { loader } from '../routes/_app.mail_.unread.ts'
import { correspondent } from '../mailbox/letter-text.ts'
import { useFormats } from '../viewer.ts'
import { Icon } from './Icon.tsx'
import { When } from './marks.tsx'
import { useClosing } from './use-closing.ts'

/** How the system's own letters begin in a mail program. */
const OURS = /^\[iMOIT\] /

/** What is new: late tasks, and the newest unread letters, read when it is opened. Without scripts the ways to both. */
export function Bell({ counts: { mailUnread, overdue } }: { counts: Counts }) {
  const { t } = useTranslation('frame')
  const { number } = useFormats()
  const details = useClosing()
  const news = useFetcher<typeof loader>()
  return (
    <details
      className="menu bell"
      ref={details}
      onToggle={(event) => {
        if (event.currentTarget.open) news.load('/mail/unread')
      }}
    >
      <summary aria-label={t('bell.label', { count: mailUnread })}>
        <Icon name="bell" size={20} />
        {mailUnread > 0 && (
          <span className="way-count" aria-hidden="true">
            {number(mailUnread)}
          </span>
        )}
      </summary>
      <div className="menu-body" aria-busy={news.state !== 'idle' || undefined}>
        {overdue > 0 && (
          <Link to="/" className="menu-link bell-late">
            <Icon name="warning" /> {t('bell.overdue', { count: overdue })}
          </Link>
        )}
        {news.data?.letters.map(({ id, sender, subject, receivedAt }) => (
          <Link key={id} to={`/mail/${id}`} className="menu-link bell-letter">
            <span>{subject.replace(OURS, '')}</span>
            <small className="muted">
              {correspondent(sender).name} · <When at={receivedAt} />
            </small>
          </Link>
        ))}
        {mailUnread === 0 && overdue === 0 && <p className="menu-head muted">{t('bell.nothing')}</p>}
        <Link to={mailUnread > 0 ? '/mail?unread=1' : '/mail'} className="menu-link">
          <Icon name="mail" /> {t('bell.mailbox')}
        </Link>
      </div>
    </details>
  )
}

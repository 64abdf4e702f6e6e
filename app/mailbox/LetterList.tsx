import { Link, useLocation } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LetterSummary } from '#db/letters.ts'
import { Icon } from '../components/Icon.tsx'
import { When } from '../components/marks.tsx'
import { correspondent } from './letter-text.ts'

export interface LetterRow extends Omit<LetterSummary, 'attachments'> {
  /** How many are attached. */
  files: number
}

/** The letters of a page of the mailbox; the open one is marked and kept in sight. */
export function LetterList({ letters, openId }: { letters: readonly LetterRow[]; openId: string | undefined }) {
  const { t } = useTranslation('mail')
  const { search } = useLocation()
  const open = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    open.current?.scrollIntoView({ block: 'nearest' })
  }, [openId])
  return (
    <ul className="mail-rows">
      {letters.map(({ id, sender, subject, receivedAt, readAt, files }) => (
        <li key={id} data-unread={readAt === null ? '' : undefined}>
          <Link
            to={`/mail/${id}${search}`}
            ref={id === openId ? open : undefined}
            className="mail-row"
            aria-current={id === openId ? 'page' : undefined}
          >
            <span className="mail-line">
              <span className="mail-sender">
                {readAt === null && <span className="only-read">{t('unread')} </span>}
                {correspondent(sender).name || t('noSender')}
              </span>
              <span className="mail-date">
                <When at={receivedAt} />
              </span>
            </span>
            <span className="mail-line">
              <span className="mail-subject">{subject || t('noSubject')}</span>
              {files > 0 && (
                <span className="mail-files">
                  <Icon name="file" size={14} />
                  <span className="only-read">{t('attachments')}: </span>
                  {files}
                </span>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

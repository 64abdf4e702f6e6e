import { redirect } from '@remix-run/node'
import { Form, Link, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { letter, markUnread, neighbours } from '#db/letters.ts'
import { notFound } from '#db/refusal.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { FileLink } from '../components/FileLink.tsx'
import { Icon } from '../components/Icon.tsx'
import { When } from '../components/marks.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { correspondent, letterPieces } from '../mailbox/letter-text.ts'
import { readMailboxAddress } from '../mailbox/mailbox-query.ts'
import { useRefusal } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = {
  i18n: ['mail'],
  title: (data: { letter: { subject: string } }, t) => data.letter.subject || t('mail:noSubject'),
}

/** One letter of the person's own mailbox; whoever else may have it, to others it is not there. The list marks it as read. */
export const loader = guardedLoader('mailbox:read', async ({ request, params, db, person, context }) => {
  const id = params.letterId ?? ''
  const query = readMailboxAddress(request.url)
  const [found, beside] = await Promise.all([
    letter(db, person.email, id),
    neighbours(db, person.email, id, { ...query, reading: id }),
  ])
  if (!found) throw notFound()
  const attachments = found.attachments.map(({ name, size }) => ({ name, size }))
  return {
    letter: { ...found, attachments },
    ...beside,
    origin: context.environment.publicOrigin ?? new URL(request.url).origin,
  }
})

/** Puts the letter back among the unread ones, and shows the list. */
export const action = guardedAction('mailbox:read', async ({ request, params, db, person }) => {
  const id = params.letterId ?? ''
  if (!(await letter(db, person.email, id))) throw notFound()
  await markUnread(db, person.email, id)
  return redirect(`/mail${new URL(request.url).search}`)
})

export default function Letter() {
  const { letter: shown, newer, older, origin } = useLoaderData<typeof loader>()
  const { t } = useTranslation('mail')
  const { search } = useLocation()
  const refusal = useRefusal()
  const from = correspondent(shown.sender)
  return (
    <article className="letter" aria-labelledby="subject">
      <div className="letter-bar not-printed">
        <Link to={`/mail${search}`} className="text-button letter-back">
          <Icon name="left" /> {t('title')}
        </Link>
        <Form method="post" action={`/mail/${shown.id}${search}`}>
          <button className="text-button">{t('markUnread')}</button>
        </Form>
        <span className="letter-beside">
          <Beside to={newer} direction="newer" />
          <Beside to={older} direction="older" />
        </span>
      </div>
      <FormRefusal refusal={refusal} />
      <h1 id="subject">{shown.subject || t('noSubject')}</h1>
      <dl className="letter-head">
        <div>
          <dt>{t('from')}</dt>
          <dd>
            {from.name ? <strong>{from.name}</strong> : t('noSender')}
            {from.address !== from.name && <span className="muted"> {from.address}</span>}
          </dd>
        </div>
        <div>
          <dt>{t('to')}</dt>
          <dd>{shown.recipients.map((recipient) => correspondent(recipient).name).join(', ')}</dd>
        </div>
        <div>
          <dt>{t('received')}</dt>
          <dd>
            <When at={shown.receivedAt} />
          </dd>
        </div>
      </dl>
      {shown.attachments.length > 0 && (
        <section className="letter-files" aria-labelledby="attachments">
          <h2 id="attachments">{t('attachments')}</h2>
          <ul>
            {shown.attachments.map(({ name, size }, index) => (
              <li key={index}>
                <FileLink href={`/mail/${shown.id}/attachments/${index + 1}`} name={name} size={size} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="letter-text">
        {letterPieces(shown.text, origin).map((piece, index) =>
          piece.path !== undefined ? (
            <Link key={index} to={piece.path}>
              {piece.text}
            </Link>
          ) : piece.href !== undefined ? (
            <a key={index} href={piece.href} target="_blank" rel="noreferrer noopener">
              {piece.text}
            </a>
          ) : (
            piece.text
          ),
        )}
      </div>
    </article>
  )
}

function Beside({ to, direction }: { to: string | null; direction: 'newer' | 'older' }) {
  const { t } = useTranslation('mail')
  const { search } = useLocation()
  const icon = <Icon name={direction === 'newer' ? 'up' : 'down'} size={18} />
  if (to === null)
    return (
      <span className="icon-button" aria-hidden="true" data-off="">
        {icon}
      </span>
    )
  return (
    <Link
      to={`/mail/${to}${search}`}
      className="icon-button"
      data-letter={direction}
      rel={direction === 'newer' ? 'prev' : 'next'}
      aria-label={direction === 'newer' ? t('newer') : t('older')}
      aria-keyshortcuts={direction === 'newer' ? 'k' : 'j'}
      title={direction === 'newer' ? t('newer') : t('older')}
    >
      {icon}
    </Link>
  )
}

export { RouteError as ErrorBoundary }

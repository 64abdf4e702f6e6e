import { Link, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { Direction } from '#db/document-list.ts'
import { searchDocuments, type FoundDocument } from '#db/document-search.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { SecrecyMark, StateMark, UrgencyMark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { withParams } from '../list-query.ts'
import { highlight } from '../search/highlight.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'
import '../styles/search.css'

export const handle: RouteHandle = { i18n: ['search'], title: 'search:title' }

const order = ['incoming', 'outgoing', 'internal'] as const
/** Of each direction on the page of all of them, and of one on its own. */
const some = 60
const many = 200

export const loader = guardedLoader('search:use', async ({ request, db, viewer }) => {
  const params = new URL(request.url).searchParams
  const asked = (params.get('q') ?? '').trim().slice(0, 200)
  const direction = order.find((each) => each === params.get('direction')) ?? null
  const result = await searchDocuments(db, viewer, { text: asked, direction, limit: direction ? many : some })
  return { asked, direction, ...result }
})

export default function Search() {
  const { asked, direction, found, counts, more } = useLoaderData<typeof loader>()
  const { t } = useTranslation('search')
  const { number } = useFormats()
  const { search } = useLocation()
  const total = order.reduce((sum, each) => sum + counts[each], 0)
  return (
    <div className="search-page">
      <PageHeader
        title={asked ? t('titleFor', { asked }) : t('title')}
        subtitle={
          asked && total > 0 ? t(more ? 'foundMore' : 'found', { count: total, total: number(total) }) : undefined
        }
      />
      {total > 0 && (
        <nav className="search-directions" aria-label={t('directions')}>
          <Link to={withParams(search, { direction: null })} aria-current={direction === null ? 'page' : undefined}>
            {t('all')} <small>{number(total)}</small>
          </Link>
          {order
            .filter((each) => counts[each] > 0)
            .map((each) => (
              <Link
                key={each}
                to={withParams(search, { direction: each })}
                aria-current={direction === each ? 'page' : undefined}
              >
                {t(each)} <small>{number(counts[each])}</small>
              </Link>
            ))}
        </nav>
      )}
      {found.length > 0 ? (
        order.map((each) => (
          <Group
            key={each}
            direction={each}
            found={found}
            asked={asked}
            count={counts[each]}
            alone={direction !== null}
          />
        ))
      ) : (
        <EmptyState title={asked ? t('none', { asked }) : t('hintTitle')}>
          <p>{t(asked ? 'noneHint' : 'hint')}</p>
        </EmptyState>
      )}
    </div>
  )
}

interface GroupProps {
  direction: Direction
  found: readonly FoundDocument[]
  asked: string
  /** All there are, shown or not. */
  count: number
  alone: boolean
}

function Group({ direction, found, asked, count, alone }: GroupProps) {
  const { t } = useTranslation('search')
  const { number } = useFormats()
  const { search } = useLocation()
  const shown = found.filter((each) => each.direction === direction)
  if (shown.length === 0) return null
  return (
    <section aria-labelledby={`found-${direction}`} className="search-group">
      <h2 id={`found-${direction}`}>
        {t(direction)} <small className="muted">{number(count)}</small>
      </h2>
      <ol>
        {shown.map((document) => (
          <Found key={document.id} document={document} asked={asked} />
        ))}
      </ol>
      {shown.length < count &&
        (alone ? (
          <p className="muted">{t('narrow')}</p>
        ) : (
          <Link to={withParams(search, { direction })}>{t('showAll', { count, total: number(count) })}</Link>
        ))}
    </section>
  )
}

function Found({ document, asked }: { document: FoundDocument; asked: string }) {
  const { t } = useTranslation('search')
  const { date, number } = useFormats()
  const pick = usePick()
  return (
    <li>
      <Link to={`/documents/${document.id}`}>
        {document.code && (
          <strong>
            <Marked text={document.code} asked={asked} />{' '}
          </strong>
        )}
        <Marked text={document.subject} asked={asked} />
      </Link>
      <span className="row muted">
        {document.kindName && <span>{pick(document.kindName, document.kindNameEn ?? document.kindName)}</span>}
        <span>
          <Marked text={document.agencyName} asked={asked} />
        </span>
        <span>{date(document.issuedOn ?? document.day)}</span>
        {document.registerNumber !== null && (
          <span>
            {t(document.direction === 'incoming' ? 'arrivalNumber' : 'registerNumber', {
              number: number(document.registerNumber),
            })}
          </span>
        )}
        <StateMark state={document.state} />
        <UrgencyMark level={document.urgency} />
        <SecrecyMark level={document.secrecy} />
      </span>
    </li>
  )
}

function Marked({ text, asked }: { text: string; asked: string }) {
  return (
    <>
      {highlight(text, asked).map((piece, index) =>
        piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
      )}
    </>
  )
}

export { RouteError as ErrorBoundary }

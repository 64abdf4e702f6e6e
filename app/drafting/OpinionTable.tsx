import { Link, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { OpinionLine } from '#db/opinions.ts'
import { DueMark, Mark, When } from '../components/marks.tsx'
import { isStance, StanceMark } from '../tasks/StanceMark.tsx'
import { usePick } from '../viewer.ts'
import '../styles/opinions.css'

/** What each unit that was asked has said, the counts above it. @param documentId where the table can be taken from, if anywhere */
export function OpinionTable({ lines, documentId }: { lines: readonly OpinionLine[]; documentId: string | null }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const whole = `/documents/${documentId}/opinions`
  const isWhole = useLocation().pathname === whole
  const Heading = isWhole ? 'h2' : 'h3'
  const count = (of: string) => lines.filter((line) => standingOf(line) === of).length
  return (
    <section className="opinion-table" aria-labelledby="opinion-table-heading">
      <Heading id="opinion-table-heading" className={isWhole ? 'only-read' : undefined}>
        {t('opinions.table')}
      </Heading>
      <p className="opinion-counts">
        {standings.flatMap((standing) => {
          const total = count(standing)
          return total === 0 ? [] : [<span key={standing}>{t(`opinions.count.${standing}`, { count: total })}</span>]
        })}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('opinions.unit')}</th>
            <th scope="col">{t('opinions.stance')}</th>
            <th scope="col">{t('opinions.words')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.unitCode}>
              <th scope="row">{pick(line.unitName, line.unitNameEn)}</th>
              <td>
                <Standing line={line} />
              </td>
              <td>
                {line.opinion && <p className="as-written">{line.opinion}</p>}
                {line.fullName && line.answeredAt !== null && (
                  <small className="muted">
                    {line.fullName}, {pick(line.title ?? '', line.titleEn ?? '')} · <When at={line.answeredAt} />
                  </small>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {documentId && (
        <p className="not-printed opinion-take">
          {!isWhole && <Link to={whole}>{t('opinions.whole')}</Link>}
          <a href={`/documents/${documentId}/prints/opinions.xlsx`}>{t('opinions.xlsx')}</a>
          <a href={`/documents/${documentId}/prints/opinions.pdf`}>{t('opinions.pdf')}</a>
        </p>
      )}
    </section>
  )
}

const standings = ['agreed', 'commented', 'disagreed', 'notConcerned', 'waiting', 'missed'] as const
type Standing = (typeof standings)[number]

/** Where a unit stands: what it said, or that it has not said anything. */
export function standingOf({ state, outcome }: Pick<OpinionLine, 'state' | 'outcome'>): Standing {
  if (state === 'cancelled') return 'missed'
  return standings.find((one) => one === outcome) ?? 'waiting'
}

function Standing({ line }: { line: OpinionLine }) {
  const { t } = useTranslation('tasks')
  const standing = standingOf(line)
  if (isStance(standing)) return <StanceMark stance={standing} />
  if (standing === 'waiting' && line.dueAt !== null) return <DueMark dueAt={line.dueAt} />
  return <Mark tone="plain">{t(`opinions.standing.${standing}`)}</Mark>
}

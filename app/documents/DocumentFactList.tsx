import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { DocumentFacts } from '#db/documents.ts'
import { Facts, type Fact } from '../components/Facts.tsx'
import { DueMark, When } from '../components/marks.tsx'
import { useFormats, useMay, usePick } from '../viewer.ts'

/** The facts of a document in the order of the book. */
export function DocumentFactList({ facts }: { facts: DocumentFacts }) {
  const { t } = useTranslation('documents')
  const { date } = useFormats()
  const pick = usePick()
  const incoming = facts.direction === 'incoming'
  const unit = facts.unitName && pick(facts.unitName, facts.unitNameEn ?? facts.unitName)
  const list: Fact[] = [
    { label: t(incoming ? 'column.arrivalNumber' : 'column.registerNumber'), value: <RegisterEntry facts={facts} /> },
    {
      label: t(incoming ? 'column.arrived' : 'fact.made'),
      value: <When at={facts.receivedAt} />,
    },
    { label: t('column.author'), value: facts.agencyName },
    { label: t('column.code'), value: facts.code },
    { label: t('column.issued'), value: facts.issuedOn && date(facts.issuedOn) },
    { label: t('fact.signer'), value: signer(facts) },
    { label: t(incoming ? 'column.lead' : 'column.drafter'), value: unit },
    { label: t('fact.createdBy'), value: incoming ? null : facts.createdBy },
    {
      label: t('column.due'),
      value: facts.dueAt !== null && <DueMark dueAt={facts.dueAt} ended={facts.closedAt !== null} />,
    },
    {
      label: t('column.recipients'),
      value: facts.recipients && <span className="as-written">{facts.recipients}</span>,
    },
    { label: t('fact.pages'), value: facts.pageCount },
    { label: t('fact.copies'), value: facts.copies },
    { label: t('fact.source'), value: t(`source.${facts.source}`) },
    { label: t('fact.note'), value: facts.note && <span className="as-written">{facts.note}</span> },
    { label: t('fact.closed'), value: facts.closedAt !== null && <When at={facts.closedAt} /> },
  ]
  return (
    <section className="panel" aria-labelledby="facts-heading">
      <h2 id="facts-heading">{t('section.facts')}</h2>
      <Facts facts={list} />
    </section>
  )
}

const signer = ({ signerCompetence, signerPosition, signerName }: DocumentFacts) =>
  [[signerCompetence, signerPosition].filter(Boolean).join(' '), signerName].filter(Boolean).join(' — ')

/** Its line in the book of the year, where it has one. */
function RegisterEntry({ facts }: { facts: DocumentFacts }) {
  const { t } = useTranslation('documents')
  const { number, date } = useFormats()
  const may = useMay()
  if (facts.registerNumber === null || facts.registeredOn === null)
    return <span className="muted">{t('unregistered')}</span>
  const book = facts.direction === 'incoming' ? 'incoming' : 'outgoing'
  const year = facts.registeredOn.slice(0, 4)
  const entry = t('fact.entry', { number: number(facts.registerNumber), day: date(facts.registeredOn) })
  return may('register-book:read') ? (
    <Link to={`/registers/${book}?year=${year}#${facts.id}`}>{entry}</Link>
  ) : (
    <>{entry}</>
  )
}

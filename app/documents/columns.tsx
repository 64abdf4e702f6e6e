import { useTranslation } from 'react-i18next'
import type { Direction, DocumentLine } from '#db/document-list.ts'
import type { Column } from '../components/DataList.tsx'
import { DueMark, SecrecyMark, StateMark, UrgencyMark } from '../components/marks.tsx'
import { useFormats, useNow, usePick } from '../viewer.ts'

type DocumentColumn = Column<DocumentLine>

/** The columns of a list in the order of the book (NĐ 30/2020, Phụ lục IV), then what the book does not know. */
export function useDocumentColumns(direction: Direction): DocumentColumn[] {
  const { t } = useTranslation('documents')
  const { date, number } = useFormats()
  const pick = usePick()
  const incoming = direction === 'incoming'
  const thisYear = date(useNow()).slice(-4)
  /** `20/11` of this year, the year only of another one. */
  const short = (value: string) => {
    const whole = date(value)
    return (
      <time dateTime={value} title={whole}>
        {whole.endsWith(thisYear) ? whole.slice(0, 5) : whole}
      </time>
    )
  }
  const day: DocumentColumn = {
    name: 'date',
    label: t(incoming ? 'column.arrived' : 'column.day'),
    cell: (row) => short(row.day),
    sortable: true,
    width: '64px',
  }
  const registerNumber: DocumentColumn = {
    name: 'number',
    label: t('column.arrivalNumber'),
    cell: (row) => (row.registerNumber === null ? '' : number(row.registerNumber)),
    sortable: true,
    align: 'right',
    width: '56px',
  }
  const agency: DocumentColumn = {
    name: 'agency',
    label: t('column.author'),
    cell: (row) => <span className="two-lines">{row.agencyName || <span className="muted">{t('unread')}</span>}</span>,
    sortable: true,
    width: '11%',
  }
  const code: DocumentColumn = {
    name: 'code',
    label: t('column.code'),
    cell: (row) => row.code ?? <span className="muted">{t('unnumbered')}</span>,
    sortable: true,
    width: '116px',
  }
  const issued: DocumentColumn = {
    name: 'issued',
    label: t('column.issued'),
    cell: (row) => (row.issuedOn ? short(row.issuedOn) : ''),
    sortable: true,
    width: '76px',
    phone: 'hide',
  }
  const subject: DocumentColumn = {
    name: 'subject',
    label: t('column.subject'),
    main: true,
    sortable: true,
    marks: (row) => (
      <>
        <UrgencyMark level={row.urgency} />
        <SecrecyMark level={row.secrecy} />
      </>
    ),
    cell: (row) => (
      <>
        {row.kindName && <span className="muted">{pick(row.kindName, row.kindNameEn ?? row.kindName)}: </span>}
        {row.subject}
      </>
    ),
  }
  const signer: DocumentColumn = {
    name: 'signer',
    label: t('column.signer'),
    cell: (row) => row.signerName ?? '',
    width: '132px',
    phone: 'hide',
  }
  const recipients: DocumentColumn = {
    name: 'recipients',
    label: t('column.recipients'),
    cell: (row) => row.recipients && <span className="two-lines">{row.recipients}</span>,
    width: '16%',
    phone: 'hide',
  }
  const unit: DocumentColumn = {
    name: 'unit',
    label: t(incoming ? 'column.receiver' : 'column.drafter'),
    cell: (row) =>
      row.unitName && (
        <span className="two-lines">
          {pick(row.unitName, row.unitNameEn ?? row.unitName)}
          {row.otherUnits > 0 && <small className="muted"> {t('otherUnits', { count: row.otherUnits })}</small>}
        </span>
      ),
    sortable: true,
    width: '12%',
  }
  const due: DocumentColumn = {
    name: 'due',
    label: t('column.due'),
    cell: (row) => (row.dueAt === null ? '' : <DueMark dueAt={row.dueAt} ended={row.ended} />),
    sortable: true,
    width: '128px',
  }
  const state: DocumentColumn = {
    name: 'state',
    label: t('column.state'),
    cell: (row) => (
      <>
        <StateMark state={row.state} />
        {row.holder && (
          <small className="muted holder">
            {row.openTasks > 1
              ? t('heldByMore', { holder: holderName(row.holder, t), count: row.openTasks - 1 })
              : holderName(row.holder, t)}
          </small>
        )}
      </>
    ),
    sortable: true,
    width: '140px',
  }
  if (incoming) return [day, registerNumber, agency, code, issued, subject, unit, due, state]
  return [code, day, subject, signer, recipients, unit, state]
}

/** A person or a unit by its name; a relation of the whole ministry ("role:ministry-clerk") by its words. */
export function holderName(holder: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  return holder.startsWith('role:')
    ? t(`documents:holder.${holder.slice('role:'.length)}`, { defaultValue: holder })
    : holder
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DataList, type Column } from '../components/DataList.tsx'
import { usePick } from '../viewer.ts'

/** A start event of a flow's newest version. */
interface Start {
  flowId: string
  flowName: string
  flowNameEn: string
  elementId: string
  elementName: string | null
}

/** Starts of cases that somebody should look at. Nothing where there are none: it is rare. */
export function StartPanel<Row extends Start>({
  id,
  starts,
  columns,
  rowKey,
  rowTone,
  action,
}: {
  /** Also of its texts. */
  id: 'starts' | 'gathered'
  starts: Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  rowTone?: (row: Row) => 'bad'
  action: (row: Row) => ReactNode
}) {
  const { t } = useTranslation('administration')
  const pick = usePick()
  if (starts.length === 0) return null
  const flow: Column<Row> = {
    name: 'flow',
    label: t('starts.flow'),
    main: true,
    cell: (row) => (
      <>
        <strong>{pick(row.flowName, row.flowNameEn)}</strong>
        {row.elementName && <small className="block muted">{row.elementName}</small>}
      </>
    ),
  }
  return (
    <section aria-labelledby={id} className="stack">
      <div>
        <h2 id={id}>{t(`${id}.title`)}</h2>
        <p className="muted small-text">{t(`${id}.hint`)}</p>
      </div>
      <DataList
        label={t(`${id}.title`)}
        rows={starts}
        columns={[flow, ...columns]}
        rowKey={rowKey}
        rowTone={rowTone}
        rowAction={action}
        empty={null}
      />
    </section>
  )
}

import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { FailedStarter } from '#db/starters.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { When } from '../components/marks.tsx'
import { usePick } from '../viewer.ts'
import { TechnicalDetail } from './TechnicalDetail.tsx'

/** Timer starts that could not begin a case, each to be tried again. Nothing where there are none: it is rare. */
export function FailedStarts({ starts }: { starts: FailedStarter[] }) {
  const { t } = useTranslation('administration')
  const pick = usePick()
  if (starts.length === 0) return null
  const columns: Column<FailedStarter>[] = [
    {
      name: 'flow',
      label: t('starts.flow'),
      main: true,
      cell: (row) => (
        <>
          <strong>{pick(row.flowName, row.flowNameEn)}</strong>
          {row.elementName && <small className="block muted">{row.elementName}</small>}
        </>
      ),
    },
    {
      name: 'error',
      label: t('starts.error'),
      width: '40%',
      cell: (row) => <TechnicalDetail>{row.error}</TechnicalDetail>,
    },
    { name: 'due', label: t('starts.due'), width: '140px', cell: (row) => <When at={row.dueAt} /> },
  ]
  return (
    <section aria-labelledby="starts" className="stack">
      <div>
        <h2 id="starts">{t('starts.title')}</h2>
        <p className="muted small-text">{t('starts.hint')}</p>
      </div>
      <DataList
        label={t('starts.title')}
        rows={starts}
        columns={columns}
        rowKey={(row) => `${row.flowId} ${row.elementId} ${row.part}`}
        rowTone={() => 'bad'}
        empty={null}
        rowAction={(row) => (
          <Form method="post" preventScrollReset>
            <input type="hidden" name="remedy" value="start" />
            <input type="hidden" name="flowId" value={row.flowId} />
            <input type="hidden" name="elementId" value={row.elementId} />
            <input type="hidden" name="part" value={row.part} />
            <button data-row-action="">{t('starts.retry')}</button>
          </Form>
        )}
      />
    </section>
  )
}

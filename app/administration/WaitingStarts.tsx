import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { WaitingStart } from '#db/gathered-starts.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { When } from '../components/marks.tsx'
import { usePick } from '../viewer.ts'

/** Starts that have some of their events and wait for the rest. Nothing where there are none: it is rare. */
export function WaitingStarts({ starts }: { starts: WaitingStart[] }) {
  const { t } = useTranslation('administration')
  const pick = usePick()
  if (starts.length === 0) return null
  const columns: Column<WaitingStart>[] = [
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
      name: 'came',
      label: t('gathered.came'),
      width: '30%',
      cell: (row) => t('gathered.of', { came: row.came, needs: row.needs }),
    },
    { name: 'since', label: t('gathered.since'), width: '140px', cell: (row) => <When at={row.since} /> },
  ]
  return (
    <section aria-labelledby="gathered" className="stack">
      <div>
        <h2 id="gathered">{t('gathered.title')}</h2>
        <p className="muted small-text">{t('gathered.hint')}</p>
      </div>
      <DataList
        label={t('gathered.title')}
        rows={starts}
        columns={columns}
        rowKey={(row) => `${row.flowId} ${row.elementId}`}
        empty={null}
        rowAction={(row) => (
          <details>
            <summary>{t('gathered.drop')}</summary>
            <Form method="post" preventScrollReset className="stack">
              <p className="small-text">{t('gathered.consequence')}</p>
              <input type="hidden" name="remedy" value="dropGathered" />
              <input type="hidden" name="flowId" value={row.flowId} />
              <input type="hidden" name="elementId" value={row.elementId} />
              <button>{t('gathered.confirm')}</button>
            </Form>
          </details>
        )}
      />
    </section>
  )
}

import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { WaitingStart } from '#db/gathered-starts.ts'
import { When } from '../components/marks.tsx'
import { StartPanel } from './StartPanel.tsx'

/** Starts that have some of their events and wait for the rest. */
export function WaitingStarts({ starts }: { starts: WaitingStart[] }) {
  const { t } = useTranslation('administration')
  return (
    <StartPanel
      id="gathered"
      starts={starts}
      columns={[
        {
          name: 'came',
          label: t('gathered.came'),
          width: '30%',
          cell: ({ came, needs }) => t('gathered.of', { came, needs }),
        },
        { name: 'since', label: t('gathered.since'), width: '140px', cell: (row) => <When at={row.since} /> },
      ]}
      rowKey={(row) => `${row.flowId} ${row.elementId}`}
      action={(row) => (
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
  )
}

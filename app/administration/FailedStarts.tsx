import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { FailedStarter } from '#db/starters.ts'
import { When } from '../components/marks.tsx'
import { StartPanel } from './StartPanel.tsx'
import { TechnicalDetail } from './TechnicalDetail.tsx'

/** Timer starts that could not begin a case, each to be tried again. */
export function FailedStarts({ starts }: { starts: FailedStarter[] }) {
  const { t } = useTranslation('administration')
  return (
    <StartPanel
      id="starts"
      starts={starts}
      columns={[
        {
          name: 'error',
          label: t('starts.error'),
          width: '40%',
          cell: (row) => <TechnicalDetail>{row.error}</TechnicalDetail>,
        },
        { name: 'due', label: t('starts.due'), width: '140px', cell: (row) => <When at={row.dueAt} /> },
      ]}
      rowKey={(row) => `${row.flowId} ${row.elementId} ${row.part}`}
      rowTone={() => 'bad'}
      action={(row) => (
        <Form method="post" preventScrollReset>
          <input type="hidden" name="remedy" value="start" />
          <input type="hidden" name="flowId" value={row.flowId} />
          <input type="hidden" name="elementId" value={row.elementId} />
          <input type="hidden" name="part" value={row.part} />
          <button data-row-action="">{t('starts.retry')}</button>
        </Form>
      )}
    />
  )
}

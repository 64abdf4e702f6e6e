import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { bulkRemedies, type BulkResult } from './bulk.ts'
import { TextField } from '../components/Field.tsx'
import { useRefusal } from '../refusal.ts'
import { useSentence } from '../viewer.ts'

/** The id of the form that the list's ticks belong to. */
export const BULK_FORM = 'bulk-remedies'

/** The same remedy for all incidents that are ticked. */
export function BulkRemedies({ form }: { form: string }) {
  const { t } = useTranslation('administration')
  const refusal = useRefusal()
  return (
    <Form method="post" id={BULK_FORM} className="bulk" preventScrollReset>
      <input type="hidden" name="form" value={form} />
      <strong>{t('bulk.chosen')}</strong>
      <TextField
        name="reason"
        label={t('bulk.reason')}
        maxLength={500}
        autoComplete="off"
        error={refusal?.fields.reason}
      />
      {bulkRemedies.map((remedy) => (
        <Button key={remedy} type="submit" name="bulk" value={remedy} variant="default">
          {t(`bulk.${remedy}`)}
        </Button>
      ))}
    </Form>
  )
}

/** What became of each. */
export function BulkResults({ results }: { results: readonly BulkResult[] }) {
  const { t } = useTranslation('administration')
  const say = useSentence()
  const done = results.filter(({ refused }) => refused === null).length
  const refused = results.filter((result) => result.refused !== null)
  return (
    <div role="status" className="done-note bulk-results" data-refused={refused.length > 0 ? '' : undefined}>
      {done > 0 && <p>{t('bulk.done', { count: done })}</p>}
      {refused.length > 0 && (
        <>
          <p>{t('bulk.refused', { count: refused.length })}</p>
          <ul>
            {refused.map((result) => (
              <li key={`${result.caseId} ${result.incidentId}`}>
                {t('case.code', { code: result.caseId.slice(-8) })}: {result.refused && say(result.refused)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

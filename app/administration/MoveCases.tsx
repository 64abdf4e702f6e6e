import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { FlowVersionPage } from '#db/administration.ts'
import { useFormats } from '../viewer.ts'

/** Older versions that cases still run on, each with the way to the dry run of moving them to the newest. */
export function MoveCases({ flow }: { flow: Pick<FlowVersionPage, 'flowId' | 'versions'> }) {
  const { t } = useTranslation('flows')
  const { number } = useFormats()
  const newest = flow.versions[0]?.version
  const older = flow.versions.filter(({ version, running }) => version !== newest && running > 0).slice(0, 5)
  if (newest === undefined || older.length === 0) return null
  return (
    <section className="panel move-cases" aria-labelledby="move-cases">
      <h2 id="move-cases">{t('move.title')}</h2>
      <ul>
        {older.map(({ version, running }) => (
          <li key={version}>
            <Form method="post" action="/administration/migrations?index" className="row wrap">
              <input type="hidden" name="move" value={`${flow.flowId} ${version} ${newest}`} />
              <span>{t('move.count', { count: running, version: number(version) })}</span>
              <Button type="submit" variant="default" size="xs">
                {t('move.check', { from: number(version), to: number(newest) })}
              </Button>
            </Form>
          </li>
        ))}
      </ul>
      <p className="muted small-text">{t('move.hint')}</p>
    </section>
  )
}

import { useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListEntry } from '#db/signing-lists.ts'

const AGAIN_MS = 1_000

/** How many are done, with a count that is read out; looks again each second while the server is at work. */
export function ListProgress({ entries, running }: { entries: readonly ListEntry[]; running: boolean }) {
  const { t } = useTranslation('signing')
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (!running || state !== 'idle') return
    const timer = setTimeout(revalidate, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [running, state, revalidate, entries])
  const done = entries.filter((entry) => entry.state === 'embedded').length
  const failed = entries.filter((entry) => entry.state === 'failed').length
  return (
    <div className="signing-progress">
      <progress max={Math.max(1, entries.length)} value={done + failed} aria-label={t('progress.title')} />
      <p role="status">
        <strong>{t('progress.done', { done, count: entries.length })}</strong>
        {failed > 0 && <span className="signing-stop"> · {t('progress.failed', { failed })}</span>}
        {running && <span className="muted"> · {t('progress.running')}</span>}
      </p>
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import type { HistoryLine } from '#db/case-history.ts'
import { PersonName } from '../components/PersonName.tsx'
import { ChangesMade } from '../tasks/ChangesMade.tsx'
import { useFormats, usePick } from '../viewer.ts'

/** What an administrator does to the case itself: said as a sentence, as there is no step that it was. */
const administered: ReadonlySet<HistoryLine['act']> = new Set(['modified', 'migrated', 'retried', 'skipped', 'ended'])

/** What happened to a document, in the order it happened: who, in which post, what, and in which words. */
export function DocumentHistory({ history }: { history: readonly HistoryLine[] }) {
  const { t } = useTranslation('documents')
  const { t: say } = useTranslation('tasks')
  const { dateTime } = useFormats()
  const pick = usePick()
  return (
    <section aria-labelledby="history-heading" className="document-section">
      <h2 id="history-heading">{t('section.history')}</h2>
      <ol className="document-history">
        {history.map((line) => (
          <li key={line.seq} data-act={line.act}>
            <time dateTime={new Date(line.at).toISOString()}>{dateTime(line.at)}</time>
            <div>
              <p>
                {administered.has(line.act)
                  ? say(`history.${line.act}`, { name: pick(line.nameVi, line.nameEn), version: line.version })
                  : pick(line.nameVi, line.nameEn)}
                {line.act === 'completed' && line.outcome && (
                  <strong> → {t(`outcome.${line.outcome}`, { defaultValue: line.outcome })}</strong>
                )}
                {line.act === 'takenBack' && <strong> → {t('outcome.takenBack')}</strong>}
              </p>
              <ChangesMade changes={line.changes} />
              {line.opinion && <blockquote>{line.opinion}</blockquote>}
              <small className="muted block">
                {line.by ? (
                  <PersonName
                    fullName={line.by.fullName}
                    title={pick(line.by.title, line.by.titleEn)}
                    unit={pick(line.by.unitName, line.by.unitNameEn)}
                  />
                ) : (
                  t('bySystem')
                )}
                {line.sha256 && (
                  <>
                    {' '}
                    · SHA-256 <code title={line.sha256}>{line.sha256.slice(0, 12)}</code>
                  </>
                )}
              </small>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

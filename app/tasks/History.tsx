import { useTranslation } from 'react-i18next'
import type { HistoryLine } from '#db/case-history.ts'
import type { CaseTask } from '#db/case-view.ts'
import { DueMark, PartMark, When } from '../components/marks.tsx'
import { useFormats, usePick } from '../viewer.ts'
import { ChangesMade } from './ChangesMade.tsx'
import { useHolderWords } from './NextHolders.tsx'

/** How many of the newest lines are shown at once. */
const newest = 6

/** What happened so far, newest on top, with the words that were written. */
export function History({
  lines,
  fileOf,
  shownAbove = null,
}: {
  lines: readonly HistoryLine[]
  /** Words that the page says above already: they are not written out again. */
  shownAbove?: string | null
  /** Where the version with this SHA-256 can be taken. */
  fileOf?: (sha256: string) => { href: string; version: number } | undefined
}) {
  const { t } = useTranslation('tasks')
  const sorted = [...lines].reverse()
  const older = sorted.slice(newest)
  const list = (shown: readonly HistoryLine[]) => (
    <ol className="history">
      {shown.map((line) => (
        <Line key={line.seq} line={line} fileOf={fileOf} opinion={line.opinion === shownAbove ? null : line.opinion} />
      ))}
    </ol>
  )
  return (
    <>
      {list(sorted.slice(0, newest))}
      {older.length > 0 && (
        <details className="history-older">
          <summary>{t('history.older', { count: older.length })}</summary>
          {list(older)}
        </details>
      )}
    </>
  )
}

function Line({
  line,
  fileOf,
  opinion,
}: {
  line: HistoryLine
  fileOf: Parameters<typeof History>[0]['fileOf']
  opinion: string | null
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { dateTime } = useFormats()
  const file = line.sha256 === null ? undefined : fileOf?.(line.sha256)
  const name = pick(line.nameVi, line.nameEn)
  const named = (unit: { vi: string; en: string }) => pick(unit.vi, unit.en)
  const words =
    line.act === 'completed'
      ? t(`history.${line.formKey}.${line.outcome}`, { defaultValue: name })
      : t(`history.${line.act}`, { name, version: line.version })
  return (
    <li data-act={line.act}>
      <p>
        {line.by ? (
          <>
            <strong>{line.by.fullName}</strong>{' '}
            <small className="muted">{pick(line.by.title, line.by.titleEn)}</small>{' '}
          </>
        ) : (
          line.act !== 'started' && <strong>{t('history.bySystem')} </strong>
        )}
        {words}
        {file && (
          <>
            {' '}
            <a href={file.href}>{t('draft.version', { version: file.version })}</a>
          </>
        )}
        <span className="history-when">
          <When at={line.at} />
        </span>
      </p>
      <ChangesMade changes={line.changes} />
      {line.units && (
        <p className="muted">
          {[
            `${t('part.lead')}: ${named(line.units.lead)}`,
            line.units.coordinating.length > 0 &&
              `${t('part.coordinate')}: ${line.units.coordinating.map(named).join('; ')}`,
            line.units.information.length > 0 &&
              `${t('part.information')}: ${line.units.information.map(named).join('; ')}`,
            `${t('field.deadline')}: ${dateTime(line.units.deadline)}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      {opinion && <blockquote>{opinion}</blockquote>}
    </li>
  )
}

/** Who has it now: each open task with its holder and its due time. */
export function WhoHasIt({ tasks }: { tasks: readonly CaseTask[] }) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const words = useHolderWords()
  const open = tasks.filter(({ state }) => state === 'open')
  if (open.length === 0) return <p className="muted">{t('now.nobody')}</p>
  const line = (task: CaseTask) => (
    <li key={task.taskId}>
      <span>
        {pick(task.askVi, task.askEn)} <PartMark part={task.part} />
      </span>
      <span>{words(task)}</span>
      <DueMark dueAt={task.dueAt} />
    </li>
  )
  const rest = open.slice(5)
  return (
    <>
      <ul className="who-has-it">{open.slice(0, 5).map(line)}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{t('now.more', { count: rest.length })}</summary>
          <ul className="who-has-it">{rest.map(line)}</ul>
        </details>
      )}
    </>
  )
}

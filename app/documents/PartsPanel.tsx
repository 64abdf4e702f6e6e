import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CaseTask } from '#db/case-view.ts'
import type { UnitPart } from '#db/documents.ts'
import { DueMark, Mark, PartMark, When } from '../components/marks.tsx'
import { PersonName } from '../components/PersonName.tsx'
import { useFrame, useFormats, usePick } from '../viewer.ts'
import { holderName } from './columns.tsx'

/** So many lines of a long list are shown before it is opened. */
const few = 6

/** Who has it now, what is asked of them, and until when. */
export function HoldersPanel({ tasks, ended }: { tasks: readonly CaseTask[]; ended: boolean }) {
  const { t } = useTranslation('documents')
  const open = tasks.filter(({ state }) => state === 'open')
  if (open.length === 0)
    return ended ? null : (
      <section className="panel" aria-label={t('section.holders')}>
        <h2>{t('section.holders')}</h2>
        <p className="muted">{t('heldByNobody')}</p>
      </section>
    )
  const line = (task: CaseTask) => <HolderLine key={task.taskId} task={task} />
  return (
    <section className="panel" aria-labelledby="holders-heading">
      <h2 id="holders-heading">{t('section.holders')}</h2>
      <ul className="lines">{open.slice(0, few).map(line)}</ul>
      {open.length > few && (
        <details>
          <summary>{t('more', { count: open.length - few })}</summary>
          <ul className="lines">{open.slice(few).map(line)}</ul>
        </details>
      )}
    </section>
  )
}

function HolderLine({ task }: { task: CaseTask }) {
  const { t } = useTranslation('documents')
  const pick = usePick()
  const { post } = useFrame()
  const { person } = task
  const mine = person ? person.postId === post.id : task.group !== null && post.groups.includes(task.group)
  return (
    <li>
      <span className="row">
        {mine ? (
          <Link to={`/tasks/${task.taskId}`}>{pick(task.askVi, task.askEn)}</Link>
        ) : (
          <span>{pick(task.askVi, task.askEn)}</span>
        )}
        <PartMark part={task.part} />
        <DueMark dueAt={task.dueAt} />
      </span>
      <small className="muted block">
        {person ? (
          <PersonName
            fullName={person.fullName}
            title={pick(person.title, person.titleEn)}
            unit={pick(person.unitName, person.unitNameEn)}
          />
        ) : (
          ((task.unitName && pick(task.unitName, task.unitNameEn ?? task.unitName)) ??
          (task.group && holderName(task.group, t)))
        )}
      </small>
    </li>
  )
}

/** Lead, coordinating and informed units; whoever follows it up sees who has not opened it yet. */
export function PartsPanel({ parts, showsOpened }: { parts: readonly UnitPart[]; showsOpened: boolean }) {
  const { t } = useTranslation('documents')
  const { number } = useFormats()
  if (parts.length === 0) return null
  const unopened = parts.filter(({ openedAt }) => openedAt === null)
  // Long lists begin with whom somebody has to call.
  const ordered =
    showsOpened && parts.length > few ? [...unopened, ...parts.filter(({ openedAt }) => openedAt !== null)] : parts
  const line = (part: UnitPart) => <PartLine key={part.unitId} part={part} showsOpened={showsOpened} />
  return (
    <section className="panel" aria-labelledby="parts-heading">
      <h2 id="parts-heading">{t('section.parts')}</h2>
      {showsOpened && (
        <p className="muted">
          {unopened.length === 0
            ? t('opened.all', { count: parts.length, total: number(parts.length) })
            : t('opened.some', { opened: number(parts.length - unopened.length), total: number(parts.length) })}
        </p>
      )}
      <ul className="lines">{ordered.slice(0, few).map(line)}</ul>
      {ordered.length > few && (
        <details>
          <summary>{t('more', { count: ordered.length - few })}</summary>
          <ul className="lines">{ordered.slice(few).map(line)}</ul>
        </details>
      )}
    </section>
  )
}

function PartLine({ part, showsOpened }: { part: UnitPart; showsOpened: boolean }) {
  const { t } = useTranslation('documents')
  const pick = usePick()
  return (
    <li>
      <span className="row">
        <span>{pick(part.unitName, part.unitNameEn)}</span>
        <PartMark part={part.part} />
      </span>
      {showsOpened && (
        <small className="muted block">
          {part.openedAt === null ? (
            <Mark tone="soon" icon="clock">
              {t('opened.no')}
            </Mark>
          ) : (
            <>
              {t('opened.yes')} <When at={part.openedAt} />
              {part.openedBy && ` · ${part.openedBy}`}
            </>
          )}
        </small>
      )}
    </li>
  )
}

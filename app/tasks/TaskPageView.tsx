import { Form, Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { embeddedFormId } from '#bpmn/form/schema.ts'
import type { CaseTask, CaseView } from '#db/case-view.ts'
import type { NextStep } from '#db/next-steps.ts'
import type { DoneTask } from '#db/home.ts'
import { PageHeader } from '../components/PageHeader.tsx'
import { DueMark, PartMark, SecrecyMark, UrgencyMark, When } from '../components/marks.tsx'
import { FormRefusal } from '../components/Field.tsx'
import type { SigningOffer } from '../signing/offer.server.ts'
import { OwnForm } from '../own-forms/OwnForm.tsx'
import { usePick } from '../viewer.ts'
import { CaseSection } from './CaseSection.tsx'
import type { TaskChoices } from './choices.server.ts'
import { DocumentSide, type ShownFile } from './DocumentSide.tsx'
import { DoneBanner } from './DoneBanner.tsx'
import { DraftUpload } from './DraftUpload.tsx'
import { fileAddress } from './Drafts.tsx'
import type { SentBack } from './entered.tsx'
import { NextHolders } from './NextHolders.tsx'
import type { ShownTask } from './shown-task.ts'
import { StepForm } from './StepForm.tsx'
import { TaskForm } from './TaskForm.tsx'
import '../styles/task-page.css'

export interface TaskPageProps {
  task: ShownTask
  choices: TaskChoices | null
  me: string
  next: NextStep[]
  opinions: { given: CaseTask[]; awaited: CaseTask[] }
  signing: SigningOffer | null
  view: CaseView | null
  files: (ShownFile & { sha256: string })[]
  shown: ShownFile | null
  preview: string[] | null
  done: DoneTask | null
  takenBack: boolean
  formId: string
  sentBack: SentBack
}

/** A task: the document, the decision, and everything about its case. */
export function TaskPageView(props: TaskPageProps) {
  const { task, view, files, shown, preview, done, takenBack, formId } = props
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const fileOf = (sha256: string) => {
    const file = files.find((each) => each.sha256 === sha256)
    return file && { href: fileAddress(file), version: file.version }
  }
  return (
    <div className="task-page">
      <div className="task-grid">
        <div className="task-head">
          {done && <DoneBanner done={done} formId={formId} />}
          {takenBack && (
            <p className="done-banner" role="status">
              {t('done.takenBack')}
            </p>
          )}
          <PageHeader
            above={<Link to="/">{t('toList')}</Link>}
            title={pick(task.askVi, task.askEn)}
            subtitle={task.document && [task.document.code, task.document.subject].filter(Boolean).join(' · ')}
          />
        </div>
        <Decision {...props} />
        {task.document && <DocumentSide document={task.document} files={files} shown={shown} preview={preview} />}
      </div>
      {view && <CaseSection view={view} fileOf={fileOf} shownAbove={wordsOf(task, view.history)} />}
    </div>
  )
}

function Decision({ task, choices, me, next, opinions, signing, view, formId, sentBack }: TaskPageProps) {
  const { t } = useTranslation('tasks')
  const history = view?.history ?? []
  return (
    <section className="decision panel" aria-labelledby="decision-heading">
      <h2 id="decision-heading" className="only-read">
        {t('decision.heading')}
      </h2>
      <div className="decision-facts">
        <DueMark dueAt={task.dueAt} ended={task.state !== 'open'} />
        <PartMark part={task.part} />
        <UrgencyMark level={task.document?.urgency ?? 0} />
        <SecrecyMark level={task.document?.secrecy ?? 0} />
        {task.document && (
          <a href="#document" className="to-document">
            {t('document.below')}
          </a>
        )}
      </div>
      <Asked task={task} history={history} shownBelow={choices?.key === 'incoming.direct' ? choices.proposal : null} />
      {task.state !== 'open' ? (
        <Ended task={task} sentBack={sentBack} />
      ) : !task.mayAct ? (
        <p className="held">{t('held.by', { name: task.assignee?.fullName ?? '' })}</p>
      ) : embeddedFormId(task.formKey) !== null ? (
        <>
          <Claim task={task} />
          <p className="next-holders">
            <NextHolders steps={next} />
          </p>
          <OwnForm taskId={task.taskId} formId={formId} />
        </>
      ) : choices === null ? (
        <p role="alert">{t('noForm')}</p>
      ) : (
        <>
          <Claim task={task} />
          <p className="next-holders">
            <NextHolders steps={next} />
          </p>
          {(choices.key === 'incoming.handle' ||
            choices.key === 'outgoing.revise' ||
            choices.key === 'slip.revise') && (
            <DraftUpload
              key={choices.drafts.length}
              taskId={task.taskId}
              drafts={choices.drafts}
              appendices={choices.key === 'slip.revise' ? null : choices.appendices}
            />
          )}
          <TaskForm formId={formId} formKey={task.formKey} sentBack={sentBack}>
            <StepForm
              task={task}
              choices={choices}
              me={me}
              next={next}
              opinions={opinions}
              history={history}
              signing={signing}
            />
          </TaskForm>
        </>
      )}
    </section>
  )
}

/** Forms that act on the leader's direction, and on the head's instruction to their own people. */
const onDirection = new Set([
  'incoming.assign',
  'incoming.coordinate',
  'incoming.giveOpinion',
  'incoming.handle',
  'incoming.approve',
])
const onInstruction = new Set(['incoming.handle', 'notice.carryOut'])

/** The step that opened the task carries its words. */
const wordsOf = (task: ShownTask, history: CaseView['history']): string | null =>
  history.find(({ at, act, opinion }) => at === task.openedAt && act !== 'system' && opinion)?.opinion ?? null

/** Who passed it on, when, and in which words. */
function Asked({
  task,
  history,
  shownBelow,
}: {
  task: ShownTask
  history: CaseView['history']
  /** Words that the form shows itself. */
  shownBelow: string | null
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { from, document, given } = task
  const words = wordsOf(task, history)
  return (
    <div className="asked">
      <p className="muted">
        {from ? (
          <>
            {t('asked.from')} <strong>{from.fullName}</strong>, {pick(from.title, from.titleEn)}
          </>
        ) : (
          <>
            {t('asked.from')}{' '}
            <strong>{(document?.direction === 'incoming' && document.agencyName) || t('asked.system')}</strong>
          </>
        )}
        {' · '}
        <When at={task.openedAt} />
      </p>
      {words && words !== shownBelow && <blockquote>{words}</blockquote>}
      {given.opinion && given.opinion !== words && onDirection.has(task.formKey ?? '') && (
        <blockquote>
          <strong>{t('asked.leader')}</strong> {given.opinion}
        </blockquote>
      )}
      {given.instruction && given.instruction !== words && onInstruction.has(task.formKey ?? '') && (
        <blockquote>
          <strong>{t('asked.instruction')}</strong> {given.instruction}
        </blockquote>
      )}
    </div>
  )
}

/** Completed or withdrawn meanwhile: who, when, and where the result is. */
function Ended({ task, sentBack }: { task: ShownTask; sentBack: SentBack }) {
  const { t } = useTranslation('tasks')
  return (
    <div className="ended">
      <FormRefusal refusal={sentBack.refusal} />
      {!sentBack.refusal && (
        <p>
          {task.state === 'cancelled'
            ? t('ended.cancelled')
            : t('ended.by', { name: task.endedBy?.fullName ?? t('history.bySystem') })}{' '}
          {task.endedAt !== null && <When at={task.endedAt} />}
        </p>
      )}
      <p>{t('ended.safe')}</p>
      {task.document && (
        <Link className="button" to={`/documents/${task.document.id}`}>
          {t('document.open')}
        </Link>
      )}
    </div>
  )
}

/** A queue's task can be taken, so that nobody else begins it, and put back. It can be ended without being taken. */
function Claim({ task }: { task: ShownTask }) {
  const { t } = useTranslation('tasks')
  if (!task.queued) return null
  if (task.mine && !task.claimed) return null
  return (
    <Form method="post" action={`/tasks/${task.taskId}/${task.mine ? 'release' : 'claim'}`} className="claim">
      <span className="muted">{t(task.mine ? 'claim.mine' : 'claim.queued')}</span>
      <button className="text-button">{t(task.mine ? 'action.release' : 'action.claim')}</button>
    </Form>
  )
}

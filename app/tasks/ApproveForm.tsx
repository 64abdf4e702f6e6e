import { useTranslation } from 'react-i18next'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { InitialPanel } from '../signing/InitialPanel.tsx'
import { DecidedVersion, Drafts, isPdf } from './Drafts.tsx'
import { NoteField } from './NoteField.tsx'
import { Opinions } from './Opinions.tsx'
import { ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Duyệt dự thảo, or the finding that no reply is needed. */
export function ApproveForm({ task, choices, opinions, signing }: TaskFormProps<'incoming.approve'>) {
  const { t } = useTranslation('tasks')
  const noReply = task.given.result
  return (
    <>
      {noReply === null ? (
        <>
          <Drafts drafts={choices.drafts} />
          <DecidedVersion draft={choices.drafts[0]} signOffs={choices.signOffs} />
        </>
      ) : (
        <blockquote className="proposal">
          <strong>{t('approve.noReply')}</strong>
          <p>{noReply}</p>
        </blockquote>
      )}
      <Opinions given={opinions.given} awaited={opinions.awaited} />
      {noReply === null && signing && <InitialPanel offer={signing} isPdf={isPdf(choices.drafts[0])} />}
      <NoteField />
      <SubmitBar
        primary={{
          label: t(noReply === null ? 'action.approve' : 'action.approveNoReply'),
          name: 'outcome',
          value: 'approved',
        }}
        consequence={t(noReply === null ? 'consequence.approve' : 'consequence.approveNoReply')}
      >
        <ReturnAction to="Specialist" />
      </SubmitBar>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { DecidedVersion } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { NoteField } from './NoteField.tsx'
import { Opinions } from './Opinions.tsx'
import { OtherAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Dự thảo trả lời: submits the newest draft, or says that no reply is needed. The drafts themselves stand above it. */
export function HandleForm({ choices, opinions }: TaskFormProps<'incoming.handle'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const newest = choices.drafts[0]
  const noReply = (
    <OtherAction
      outcome="noReply"
      label={t('action.noReply')}
      confirm={t('action.noReplyConfirm')}
      consequence={t('consequence.noReply')}
    >
      <TextAreaField
        name="result"
        label={t('field.result')}
        rows={3}
        maxLength={2000}
        defaultValue={value('result')}
        error={error('result', 'noReply')}
      />
    </OtherAction>
  )
  return (
    <>
      <Opinions given={opinions.given} awaited={opinions.awaited} />
      {newest ? (
        <>
          <DecidedVersion draft={newest} signOffs={choices.signOffs} />
          <NoteField />
          <SubmitBar
            primary={{
              label: t('action.submitDraft', { version: newest.version }),
              name: 'outcome',
              value: 'submitted',
            }}
            consequence={t('consequence.submitDraft')}
          >
            {noReply}
          </SubmitBar>
        </>
      ) : (
        <div className="submit-bar not-printed">
          <p className="muted">{t('draft.firstUpload')}</p>
          {noReply}
        </div>
      )}
    </>
  )
}

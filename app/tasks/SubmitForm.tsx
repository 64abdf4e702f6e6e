import { useTranslation } from 'react-i18next'
import { ChoicesField, TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { usePick } from '../viewer.ts'
import { useEntered } from './entered.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Trình lãnh đạo. */
export function SubmitForm({ choices }: TaskFormProps<'incoming.submit'>) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, error } = useEntered()
  return (
    <>
      <ChoicesField
        name="leaderPost"
        kind="radio"
        label={t('field.leader')}
        choices={choices.leaders.map((each) => ({
          value: each.postId,
          label: each.fullName,
          hint: pick(each.title, each.titleEn),
        }))}
        chosen={[value('leaderPost')]}
        error={error('leaderPost')}
      />
      <TextAreaField
        name="proposal"
        label={t('field.proposal')}
        hint={t('hint.proposal')}
        rows={4}
        maxLength={2000}
        defaultValue={value('proposal')}
        error={error('proposal')}
      />
      <SubmitBar
        primary={{ label: t('action.submit'), name: 'outcome', value: 'submitted' }}
        consequence={t('consequence.submit')}
      />
    </>
  )
}

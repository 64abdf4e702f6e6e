import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'
import { PassOnOrDecline } from './PassOnOrDecline.tsx'
import type { TaskFormProps } from './shown-task.ts'

/**
 * Cho ý kiến: a unit gives its opinion. Its heads may also pass it on, or say that it is no concern of the unit; whom it was passed
 * on to has no `choices`.
 */
export function CoordinateForm({
  choices,
  me,
}: Pick<TaskFormProps<'incoming.coordinate'>, 'me'> & { choices: ChoicesOf<'incoming.coordinate'> | null }) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <TextAreaField
        name="opinionText"
        label={t('field.unitOpinion')}
        rows={6}
        required
        maxLength={5000}
        defaultValue={value('opinionText')}
        error={error('opinionText')}
      />
      <SubmitBar
        primary={{ label: t('action.giveOpinion'), name: 'outcome', value: 'given' }}
        consequence={t('consequence.giveOpinion')}
      >
        {choices && (
          <PassOnOrDecline
            choices={choices}
            me={me}
            passOn={t('consequence.passOn')}
            notConcerned={t('consequence.notConcerned')}
          />
        )}
      </SubmitBar>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered } from './entered.tsx'

/** Cho ý kiến, by the specialist it was passed on to. */
export function OpinionForm() {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <TextAreaField
        name="opinionText"
        label={t('field.unitOpinion')}
        rows={8}
        required
        maxLength={5000}
        defaultValue={value('opinionText')}
        error={error('opinionText')}
      />
      <SubmitBar
        primary={{ label: t('action.giveOpinion'), name: 'outcome', value: 'given' }}
        consequence={t('consequence.giveOpinion')}
      />
    </>
  )
}

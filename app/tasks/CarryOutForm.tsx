import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered } from './entered.tsx'

/** Thực hiện: says what was done. */
export function CarryOutForm() {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <TextAreaField
        name="result"
        label={t('field.done')}
        rows={5}
        required
        maxLength={5000}
        defaultValue={value('result')}
        error={error('result')}
      />
      <SubmitBar
        primary={{ label: t('action.carriedOut'), name: 'outcome', value: 'done' }}
        consequence={t('consequence.carriedOut')}
      />
    </>
  )
}

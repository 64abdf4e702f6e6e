import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { useEntered } from './entered.tsx'

/** A word to whoever comes next. */
export function NoteField() {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <TextAreaField
      name="note"
      label={t('field.note')}
      rows={2}
      maxLength={2000}
      defaultValue={value('note')}
      error={error('note')}
    />
  )
}

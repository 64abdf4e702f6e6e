import { useTranslation } from 'react-i18next'
import { SelectField } from '../components/Field.tsx'
import { useEntered } from '../tasks/entered.tsx'

/** Độ khẩn and độ mật of what is drafted here. Levels of secrecy are offered to be refused in words: they have a book elsewhere. */
export function UrgencyField() {
  const { t } = useTranslation(['drafting', 'common'])
  const { value, error } = useEntered()
  const levels = (of: 'urgency' | 'secrecy') =>
    ['0', '1', '2', '3'].map((level) => ({ value: level, label: t(`common:${of}.${level}`) }))
  return (
    <div className="field-pair">
      <SelectField
        name="urgency"
        label={t('drafting:outgoing.urgency')}
        choices={levels('urgency')}
        defaultValue={value('urgency', '0')}
        error={error('urgency')}
      />
      <SelectField
        name="secrecy"
        label={t('drafting:outgoing.secrecy')}
        choices={levels('secrecy')}
        defaultValue={value('secrecy', '0')}
        error={error('secrecy')}
      />
    </div>
  )
}

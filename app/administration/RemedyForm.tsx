import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../components/ConfirmButton.tsx'

/** A remedy for a case in trouble that wants a reason: skip an element, go on behind a join, end the case. */
export function RemedyForm({ remedy, of }: { remedy: 'skip' | 'pass' | 'end'; of: Record<string, string> }) {
  const { t } = useTranslation('administration')
  return (
    <Form method="post" preventScrollReset>
      {Object.entries({ ...of, remedy }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ConfirmButton
        label={t(`remedy.${remedy}.label`)}
        question={t(`remedy.${remedy}.question`)}
        confirm={t(`remedy.${remedy}.confirm`)}
        tone={remedy === 'end' ? 'bad' : 'plain'}
      >
        <label>
          {t('remedy.reason')} <input name="reason" required minLength={5} maxLength={500} autoComplete="off" />
        </label>
      </ConfirmButton>
    </Form>
  )
}

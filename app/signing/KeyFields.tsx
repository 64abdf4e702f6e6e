import { Button } from '@mantine/core'
import { useNavigation } from '@remix-run/react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextField } from '../components/Field.tsx'
import { useSentence } from '../viewer.ts'
import { CertificateFacts } from './SigningPanel.tsx'
import type { ListOffer } from './list-page.server.ts'

/** Certificate, PIN and button at the end of a list: within the thumb's reach on a phone. */
export function KeyFields({
  offer,
  role,
  submit,
  hint,
  name,
  value,
  children,
}: {
  offer: ListOffer
  role: 'person' | 'organisation'
  submit: string
  hint: string
  /** Of the button. */
  name?: string
  value?: string
  /** Beside the button. */
  children?: ReactNode
}) {
  const { t } = useTranslation('signing')
  const say = useSentence()
  const busy = useNavigation().state === 'submitting'
  const [chosen, setChosen] = useState(offer.certificates[0]?.fingerprint ?? '')
  const certificate = offer.certificates.find(({ fingerprint }) => fingerprint === chosen)
  if (offer.refusal)
    return (
      <p className="signing-stop panel" role="alert">
        {say(offer.refusal)}
      </p>
    )
  if (!certificate)
    return (
      <p className="signing-stop panel" role="alert">
        {t(`noCertificate.${role}`)}
      </p>
    )
  return (
    <div className="signing-key not-printed">
      <div className="signing-who">
        {offer.competence && <strong>{offer.competence}</strong>}
        <CertificateFacts certificate={certificate} />
      </div>
      {offer.certificates.length > 1 && (
        <SelectField
          name="certificate"
          label={t('certificate')}
          choices={offer.certificates.map((each) => ({ value: each.fingerprint, label: each.name }))}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      {certificate.keyPlace !== 'agent' && (
        <TextField
          name="pin"
          type="password"
          autoComplete="off"
          required
          maxLength={256}
          label={t('pin')}
          hint={t(certificate.keyPlace === 'demonstration' ? 'pinDemonstration' : 'pinHint')}
        />
      )}
      <Button type="submit" name={name} value={value} loading={busy} data-primary="">
        {submit}
      </Button>
      {children}
      <p className="muted">{certificate.keyPlace === 'agent' ? t('onToken') : hint}</p>
    </div>
  )
}

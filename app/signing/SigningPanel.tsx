import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextField } from '../components/Field.tsx'
import { useEntered } from '../tasks/entered.tsx'
import { useFormats, useSentence } from '../viewer.ts'
import { PlacePicker } from './PlacePicker.tsx'
import type { OfferedCertificate, SigningOffer } from './offer.server.ts'
import '../styles/signing.css'

/** Who signs with which certificate and in whose place, and the PIN: the part of a form that a signature completes. */
export function SigningPanel({ offer, draftUrl }: { offer: SigningOffer; draftUrl?: string }) {
  const { t } = useTranslation('signing')
  const say = useSentence()
  const { error } = useEntered()
  const { certificates, competence, basis, refusal, fault } = offer
  const [chosen, setChosen] = useState(certificates[0]?.fingerprint ?? '')
  const certificate = certificates.find(({ fingerprint }) => fingerprint === chosen)
  return (
    <section className="signing-panel" aria-label={t(`panel.${offer.role}`)}>
      <h3>{t(`panel.${offer.role}`)}</h3>
      {refusal ? (
        <p className="signing-stop" role="alert">
          {say(refusal)}
        </p>
      ) : !certificate ? (
        <p className="signing-stop" role="alert">
          {t(`noCertificate.${offer.role}`)}
        </p>
      ) : (
        <>
          {competence && (
            <p>
              <strong>{competence}</strong>
              {basis && <small className="muted"> · {t('basis', { basis })}</small>}
            </p>
          )}
          {certificates.length > 1 && (
            <SelectField
              name="certificate"
              label={t('certificate')}
              choices={certificates.map((each) => ({ value: each.fingerprint, label: each.name }))}
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
          )}
          <CertificateFacts certificate={certificate} />
          {draftUrl && !offer.signedBefore && <PlacePicker url={draftUrl} name={certificate.name} />}
          {fault && (
            <p className="signing-note" role="status">
              {say(fault)}
            </p>
          )}
          {offer.signedBefore ? (
            <p className="signing-note">{t('signedBefore')}</p>
          ) : certificate.keyPlace === 'agent' ? (
            <p className="signing-note">{t('onToken')}</p>
          ) : (
            <TextField
              name="pin"
              type="password"
              autoComplete="off"
              required
              maxLength={256}
              label={t('pin')}
              hint={t(certificate.keyPlace === 'demonstration' ? 'pinDemonstration' : 'pinHint')}
              error={error('pin')}
            />
          )}
        </>
      )}
    </section>
  )
}

export function CertificateFacts({ certificate }: { certificate: OfferedCertificate }) {
  const { t } = useTranslation('signing')
  const say = useSentence()
  const { date } = useFormats()
  return (
    <>
      <p className="signing-certificate">
        {certificate.name} <small className="muted">{t('until', { day: date(certificate.notAfter) })}</small>
        {certificate.isTest && <span className="signing-test">{t('test')}</span>}
      </p>
      {certificate.warning && (
        <p className="signing-stop" role="alert">
          {say(certificate.warning)}
        </p>
      )}
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { CheckField, TextField } from '../components/Field.tsx'
import { useEntered } from '../tasks/entered.tsx'
import type { SigningOffer } from './offer.server.ts'
import { CertificateFacts } from './SigningPanel.tsx'
import '../styles/signing.css'

/** Ký nháy: the head of the unit may put their initial on exactly the version that is approved. Opens in place without scripts. */
export function InitialPanel({ offer, isPdf }: { offer: SigningOffer; isPdf: boolean }) {
  const { t } = useTranslation('signing')
  const { error, value } = useEntered()
  const [certificate] = offer.certificates
  if (!certificate || !isPdf) return null
  const wrong = error('pin')
  return (
    <details className="signing-panel" open={wrong !== undefined || value('initial') === 'on' || undefined}>
      <summary>{t('panel.initial')}</summary>
      <CheckField name="initial" value="on" label={t('initial.put')} hint={t('initial.hint')} />
      <CertificateFacts certificate={certificate} />
      {certificate.keyPlace === 'agent' ? (
        <p className="signing-note">{t('onToken')}</p>
      ) : (
        <TextField
          name="pin"
          type="password"
          autoComplete="off"
          maxLength={256}
          label={t('pin')}
          hint={t(certificate.keyPlace === 'demonstration' ? 'pinDemonstration' : 'pinHint')}
          error={wrong}
        />
      )}
    </details>
  )
}

import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CertificateLine } from '#db/certificates.ts'
import { CertificateImage } from './CertificateImage.tsx'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { usePick } from '../viewer.ts'

const ACTS = { active: ['suspend', 'revoke'], suspended: ['resume', 'revoke'], revoked: [] } as const

/** What can be done with a certificate: stop it at once when a token is lost, take it up again when it is found. */
export function CertificateActs({ row }: { row: CertificateLine }) {
  const { t } = useTranslation('trust')
  const pick = usePick()
  const name = pick(row.holder, row.holderEn)
  return (
    <div className="certificate-acts">
      {row.state !== 'revoked' && <CertificateImage row={row} />}
      {ACTS[row.state].map((act) => (
        <Form key={act} method="post" className="trust-act" preventScrollReset>
          <input type="hidden" name="id" value={row.id} />
          <ConfirmButton
            label={t(`certificates.act.${act}.label`)}
            question={t(`certificates.act.${act}.question`, { name })}
            confirm={t(`certificates.act.${act}.confirm`)}
            tone={act === 'resume' ? 'plain' : 'bad'}
            name="do"
            value={act}
          >
            <label>
              {t('reason')} <input name="reason" required minLength={5} maxLength={500} autoComplete="off" />
            </label>
          </ConfirmButton>
        </Form>
      ))}
    </div>
  )
}

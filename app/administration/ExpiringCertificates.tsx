import { Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../components/marks.tsx'
import '../styles/trust.css'

/** Told to administrators where they begin their day. */
export function ExpiringCertificates({ count }: { count: number }) {
  const { t } = useTranslation('trust')
  return (
    <p className="warned" role="status">
      <Mark tone="soon" icon="clock">
        {t('certificates.expiringSoon', { count })}
      </Mark>
      <Link to="/administration/certificates?state=expiring">{t('certificates.seeThem')}</Link>
    </p>
  )
}

import { useTranslation } from 'react-i18next'
import { Facts } from '../components/Facts.tsx'
import { Mark } from '../components/marks.tsx'
import { TestMark } from '../documents/signature-marks.tsx'
import { useFormats } from '../viewer.ts'
import type { ReadCertificate } from './certificate-upload.server.ts'

/** What a certificate is, before anybody takes it in. */
export function CertificateFacts({ certificate, realNow }: { certificate: ReadCertificate; realNow: number }) {
  const { t } = useTranslation('trust')
  const { name, subject, issuer, serial, fingerprint, notBefore, notAfter, key, email, saysTest, isCa, isRoot } =
    certificate
  const kind = isCa ? t(isRoot ? 'anchor.root' : 'anchor.intermediate') : t('read.signer')
  return (
    <Facts
      facts={[
        {
          label: t('read.name'),
          value: (
            <>
              <strong>{name}</strong>{' '}
              {saysTest && isCa && (
                <Mark tone="soon" icon="flag">
                  {t('testAuthority')}
                </Mark>
              )}
              {saysTest && !isCa && <TestMark />}
            </>
          ),
        },
        { label: t('read.kind'), value: kind },
        { label: t('read.subject'), value: subject },
        { label: t('read.issuer'), value: isRoot ? t('read.itself') : issuer },
        { label: t('read.email'), value: email },
        { label: t('read.key'), value: key },
        { label: t('read.validity'), value: <Validity notBefore={notBefore} notAfter={notAfter} realNow={realNow} /> },
        { label: t('read.serial'), value: <code className="serial">{serial}</code> },
        { label: 'SHA-256', value: <code className="serial">{fingerprint}</code> },
      ]}
    />
  )
}

/** From when to when, and whether that is over. Certificates know real time alone, wherever the demonstration's clock stands. */
export function Validity({
  notBefore,
  notAfter,
  realNow,
}: {
  notBefore: number
  notAfter: number
  /** Epoch ms. */
  realNow: number
}) {
  const { t } = useTranslation('trust')
  const { date } = useFormats()
  return (
    <>
      {date(notBefore)} – {date(notAfter)}{' '}
      {notAfter < realNow && (
        <Mark tone="bad" icon="warning">
          {t('expired')}
        </Mark>
      )}
    </>
  )
}

/** An instant of real time, exact. */
export function RealTime({ at }: { at: number }) {
  const { dateTime } = useFormats()
  return <time dateTime={new Date(at).toISOString()}>{dateTime(at)}</time>
}

import { useTranslation } from 'react-i18next'
import { Facts, type Fact } from '../components/Facts.tsx'
import { Icon } from '../components/Icon.tsx'
import { Mark } from '../components/marks.tsx'
import { useFormats, useLanguage } from '../viewer.ts'
import { TestMark, VerdictMark } from './signature-marks.tsx'
import { changesInOrder, type ShownSignature } from './signature-view.ts'

/** One signature: who and when in a line, everything else folded. What is not valid stands open. */
export function SignatureDetails({ signature }: { signature: ShownSignature }) {
  const { t } = useTranslation('signatures')
  const language = useLanguage()
  const { dateTime } = useFormats()
  const { signer, time } = signature
  const isStamp = signature.kind === 'time-stamp'
  const name = signer?.name ?? t('unknownSigner')
  return (
    <li>
      <details open={signature.verdict !== 'valid'}>
        <summary>
          <span className="signature-line">
            <VerdictMark verdict={signature.verdict} />
            <strong>{isStamp ? t('documentStamp') : name}</strong>
            <small className="muted">
              {isStamp ? name : t(`role.${signature.role}`)}
              {time.at && ` · ${dateTime(time.at)}`}
            </small>
          </span>
        </summary>
        <p>{signature.sentence[language]}</p>
        {signature.stop && <StopNote stop={signature.stop} />}
        <Reasons signature={signature} />
        <ChangesAfter signature={signature} />
        <SignatureFacts signature={signature} />
      </details>
    </li>
  )
}

function StopNote({ stop }: { stop: NonNullable<ShownSignature['stop']> }) {
  const { t } = useTranslation('signatures')
  const { dateTime } = useFormats()
  const words = t(`stopped.${stop.state}`, { at: dateTime(stop.since), reason: stop.reason })
  return (
    <p>
      <Mark tone={stop.signed === 'before' ? 'soon' : 'bad'} icon="warning">
        {words}
      </Mark>{' '}
      {t(`stopped.${stop.signed}`)}
    </p>
  )
}

/** Whatever the sentence above has not said already. */
function Reasons({ signature }: { signature: ShownSignature }) {
  const language = useLanguage()
  const more = signature.reasons.filter((one) => !signature.sentence[language].includes(one[language]))
  if (more.length === 0) return null
  return (
    <ul className="reasons">
      {more.map((one) => (
        <li key={one.code}>{one[language]}</li>
      ))}
    </ul>
  )
}

function ChangesAfter({ signature }: { signature: ShownSignature }) {
  const { t } = useTranslation('signatures')
  const language = useLanguage()
  const changes = changesInOrder(signature)
  if (changes.length === 0) return null
  const forbidden = changes.some(({ permitted }) => !permitted)
  return (
    <div className="changes-after" data-forbidden={forbidden || undefined}>
      <h3>{t(forbidden ? 'changed' : 'changedPermitted')}</h3>
      <ul>
        {changes.map((change, index) => (
          <li key={index} data-forbidden={!change.permitted || undefined}>
            {!change.permitted && <Icon name="warning" size={14} />} {change[language]}
          </li>
        ))}
      </ul>
    </div>
  )
}

function SignatureFacts({ signature }: { signature: ShownSignature }) {
  const { t } = useTranslation('signatures')
  const { date, dateTime } = useFormats()
  const { signer, authority, time, revocation } = signature
  const named = (...parts: (string | undefined)[]) => [...new Set(parts.filter(Boolean))].join(', ')
  const facts: Fact[] = [
    { label: t('fact.signer'), value: signer && named(signer.name, signer.title, signer.email) },
    { label: t('fact.organisation'), value: signer && named(signer.unit, signer.organisation) },
    { label: t('fact.role'), value: signature.kind === 'signature' && t(`role.${signature.role}`) },
    {
      label: t('fact.authority'),
      value: authority && (
        <>
          {named(authority.name, authority.organisation)}{' '}
          {authority.root ? t('underRoot', { root: authority.root }) : t('noRoot')} {signature.isTest && <TestMark />}
        </>
      ),
    },
    {
      label: t('fact.time'),
      value: time.at ? (
        <>
          {dateTime(time.at)} · {t(`timeSource.${time.source}`, { authority: time.authority ?? '' })}
          {time.source === 'time-stamp' && time.claimed && (
            <small className="muted block">{t('claimedTime', { at: dateTime(time.claimed) })}</small>
          )}
        </>
      ) : (
        t('timeSource.none')
      ),
    },
    { label: t('fact.integrity'), value: t(`integrity.${signature.integrity}`) },
    { label: t('fact.covers'), value: t(signature.coversWholeFile ? 'covers.whole' : 'covers.part') },
    { label: t('fact.certificate'), value: t(`certificate.${signature.certificateAtSigning}`) },
    {
      label: t('fact.revocation'),
      value: [
        t(`revocation.${revocation.status}`, { at: revocation.revokedAt ? dateTime(revocation.revokedAt) : '' }),
        revocation.source && t(`revocationSource.${revocation.source}`),
        revocation.origin && t(`revocationOrigin.${revocation.origin}`),
        revocation.answeredAt && dateTime(revocation.answeredAt),
      ]
        .filter(Boolean)
        .join(' · '),
    },
    {
      label: t('fact.algorithm'),
      value:
        signature.algorithm &&
        [signature.algorithm, signature.level && `PAdES ${signature.level}`].filter(Boolean).join(' · '),
    },
    {
      label: t('fact.validity'),
      value: signer && `${date(signer.notBefore)} – ${date(signer.notAfter)}`,
    },
    { label: t('fact.serial'), value: signer && <code className="serial">{signer.serial}</code> },
    { label: t('fact.reason'), value: signature.reason },
    { label: t('fact.location'), value: signature.location },
  ]
  return <Facts facts={facts} />
}

import { useTranslation } from 'react-i18next'
import { Icon } from '../components/Icon.tsx'
import { guardedLoader } from '../guard.server.ts'

export const loader = guardedLoader('mailbox:read', () => null)

/** The right side while no letter is open. */
export default function NoLetter() {
  const { t } = useTranslation('mail')
  return (
    <p className="mail-none muted">
      <Icon name="mail" size={32} />
      {t('choose')}
    </p>
  )
}

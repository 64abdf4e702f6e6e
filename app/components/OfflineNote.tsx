import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './Icon.tsx'

function onChange(tell: () => void): () => void {
  window.addEventListener('online', tell)
  window.addEventListener('offline', tell)
  return () => {
    window.removeEventListener('online', tell)
    window.removeEventListener('offline', tell)
  }
}

/** While the browser has no network: what still works, and that nothing entered is lost. */
export function OfflineNote() {
  const { t } = useTranslation('frame')
  const offline = useSyncExternalStore(
    onChange,
    () => !navigator.onLine,
    () => false,
  )
  return (
    <div role="status" className="offline-note" hidden={!offline}>
      {offline && (
        <>
          <Icon name="warning" /> {t('offline')}
        </>
      )}
    </div>
  )
}

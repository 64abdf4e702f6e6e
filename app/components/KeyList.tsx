import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './Icon.tsx'

/** The keys, and the name of what each does. */
const keys = [
  ['?', 'list'],
  ['/', 'search'],
  ['j', 'j'],
  ['k', 'k'],
  ['Enter', 'Enter'],
  ['x', 'x'],
  ['e', 'e'],
  ['Ctrl+Enter', 'send'],
  ['L C I', 'parts'],
  ['Escape', 'Escape'],
] as const

const typing = 'input, textarea, select, [contenteditable]'

/** Is the person writing somewhere, so that a letter is a letter? */
export function isTyping(event: KeyboardEvent): boolean {
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (event.target instanceof Element && !!event.target.closest(typing))
  )
}

/** `/` goes to the search box, `?` shows every key. */
export function KeyList() {
  const { t } = useTranslation('frame')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const show = () => {
      if (!dialog.current?.open) dialog.current?.showModal()
    }
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === '/') {
        event.preventDefault()
        const box = document.getElementById('search')
        if (box instanceof HTMLInputElement) box.select()
      } else if (event.key === '?') show()
    }
    const onHash = () => {
      if (location.hash === '#keys') {
        history.replaceState(history.state, '', location.pathname + location.search)
        show()
      }
    }
    document.addEventListener('keydown', onKey)
    window.addEventListener('hashchange', onHash)
    return () => {
      document.removeEventListener('keydown', onKey)
      window.removeEventListener('hashchange', onHash)
    }
  }, [])
  return (
    <dialog ref={dialog} className="key-list" aria-labelledby="keys-title">
      <form method="dialog">
        <h2 id="keys-title">{t('keys.title')}</h2>
        <button className="icon-button" aria-label={t('keys.close')}>
          <Icon name="close" />
        </button>
      </form>
      <dl>
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}

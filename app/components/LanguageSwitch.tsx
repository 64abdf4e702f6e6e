import { Form, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { languages } from '../language.ts'
import { useLanguage } from '../viewer.ts'

const names = { vi: 'Tiếng Việt', en: 'English' } as const

/** One button for each language, as a form; the page is loaded anew in it. */
export function LanguageSwitch() {
  const active = useLanguage()
  const { t } = useTranslation('frame')
  const { pathname, search } = useLocation()
  return (
    <Form method="post" action="/preferences" reloadDocument className="switch" aria-label={t('language')}>
      <input type="hidden" name="next" value={pathname + search} />
      {languages.map((language) => (
        <button
          key={language}
          name="language"
          value={language}
          lang={language}
          aria-pressed={language === active}
          title={names[language]}
        >
          {language.toUpperCase()}
          <span className="only-read"> {names[language]}</span>
        </button>
      ))}
    </Form>
  )
}

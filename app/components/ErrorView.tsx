import { isRouteErrorResponse, Link, useRouteError, useRouteLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { refusalIn, type RefusalData } from '../refusal.ts'
import { useLanguage } from '../viewer.ts'

/**
 * The error form of every screen: what happened, what is safe, what to do, a code to quote. Without `refusal` it shows
 * the route's own error: `export { RouteError as ErrorBoundary }`.
 */
export function ErrorView({ refusal }: { refusal?: RefusalData }) {
  const { t } = useTranslation('common')
  const language = useLanguage()
  const error = useRouteError()
  const root = useRouteLoaderData<{ requestId: string }>('root')
  const known = refusal ?? (isRouteErrorResponse(error) ? refusalIn(error.data) : undefined)
  const status = known?.status ?? (isRouteErrorResponse(error) ? error.status : 500)
  const sentence = known?.sentence[language] ?? (status === 404 ? t('error.notFound') : t('error.unexpected'))
  const quote = known?.quote ?? root?.requestId
  return (
    <section className="error-view" aria-labelledby="error-heading">
      <p className="error-status">{status}</p>
      <h1 id="error-heading">{t(`error.heading.${status}`, { defaultValue: t('error.heading.other') })}</h1>
      <p role="alert">{sentence}</p>
      <p className="row">
        {/* A plain link: the page is asked for anew, scripts and all. */}
        <a className="button" href="">
          {t('error.again')}
        </a>
        <Link to="/">{t('error.home')}</Link>
      </p>
      {quote && status !== 404 && (
        <p className="muted">
          {t('error.quote')} <code>{quote}</code>
        </p>
      )}
    </section>
  )
}

/** For a route: `export { RouteError as ErrorBoundary }`. */
export function RouteError() {
  return <ErrorView />
}

import { Form, Link, useLocation, useSubmit } from '@remix-run/react'
import { useEffect, useId, useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../viewer.ts'

export interface FacetOption {
  value: string
  label: string
  /** How many of the result have it. */
  count?: number
}

export type Facet =
  | { name: string; label: string; kind: 'select'; options: readonly FacetOption[] }
  | { name: string; label: string; kind: 'text' | 'date' }

/**
 * Filters of a list, kept in its address: a GET form, sent by its button, and by itself on a change where scripts run.
 * `keep` names parameters of the address that go along (`sort` always does).
 */
export function FacetBar({ facets, keep = [] }: { facets: readonly Facet[]; keep?: readonly string[] }) {
  const { t } = useTranslation('common')
  const { number } = useFormats()
  const { pathname, search } = useLocation()
  const submit = useSubmit()
  const id = useId()
  const params = new URLSearchParams(search)
  const kept = ['sort', ...keep].filter((name) => params.has(name))
  const filtered = facets.some(({ name }) => params.get(name))
  const form = useRef<HTMLFormElement>(null)
  // The fields show what the list is filtered by, also after going back; they stay in place and keep the focus.
  useEffect(() => {
    const now = new URLSearchParams(search)
    for (const { name } of facets) {
      const field = form.current?.elements.namedItem(name)
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = now.get(name) ?? ''
    }
  }, [search, facets])
  // What is being typed is sent by Enter or the button; a choice by itself.
  const send = (event: FormEvent<HTMLFormElement>) => {
    if (event.target instanceof HTMLSelectElement) submit(event.currentTarget, { preventScrollReset: true })
  }
  return (
    <Form ref={form} className="facets not-printed" role="search" aria-label={t('facets.label')} onChange={send}>
      {kept.map((name) => (
        <input key={name} type="hidden" name={name} value={params.get(name) ?? ''} />
      ))}
      {facets.map((facet) => {
        const value = params.get(facet.name) ?? ''
        return (
          <label key={facet.name} htmlFor={`${id}-${facet.name}`} data-set={value ? '' : undefined}>
            <span>{facet.label}</span>
            {facet.kind === 'select' ? (
              <select id={`${id}-${facet.name}`} name={facet.name} defaultValue={value}>
                <option value="">{t('facets.all')}</option>
                {facet.options.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                    {option.count === undefined ? '' : ` (${number(option.count)})`}
                  </option>
                ))}
              </select>
            ) : (
              <input id={`${id}-${facet.name}`} name={facet.name} type={facet.kind} defaultValue={value} />
            )}
          </label>
        )
      })}
      <button type="submit" className="text-button">
        {t('facets.apply')}
      </button>
      {filtered && (
        <Link to={pathname} className="text-button">
          {t('facets.clear')}
        </Link>
      )}
    </Form>
  )
}

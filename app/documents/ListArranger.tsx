import { Form, Link, useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Direction } from '#db/document-list.ts'
import type { ArrangedList } from '#db/person-lists.ts'
import type { Column } from '../components/DataList.tsx'
import { Icon } from '../components/Icon.tsx'
import { useClosing } from '../components/use-closing.ts'
import { optionalColumns, viewQuery } from './arranging.ts'

/** A list as its reader wants it: which columns, and filters kept under a name. Without scripts, too. */
export function ListArranger({
  direction,
  arranged,
  columns,
}: {
  direction: Direction
  arranged: ArrangedList
  columns: readonly Pick<Column<unknown>, 'name' | 'label'>[]
}) {
  const { t } = useTranslation('documents')
  const { pathname, search } = useLocation()
  const now = viewQuery(search)
  const current = arranged.views.find(({ query }) => query === now)
  const hidden = (
    <>
      <input type="hidden" name="next" value={pathname + search} />
      <input type="hidden" name="query" value={now} />
    </>
  )
  return (
    <div className="arranger not-printed">
      {arranged.views.length > 0 && (
        <nav className="tabs" aria-label={t('arrange.views')}>
          {arranged.views.map(({ name, query }) => (
            <Link key={name} to={`${pathname}?${query}`} aria-current={query === now ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
      )}
      {current && (
        <Form method="post" action={`/lists/${direction}`}>
          {hidden}
          <input type="hidden" name="name" value={current.name} />
          <button className="text-button" name="act" value="remove">
            <Icon name="close" /> {t('arrange.remove', { name: current.name })}
          </button>
        </Form>
      )}
      {now !== '' && !current && (
        <Dropdown label={t('arrange.save')}>
          <Form method="post" action={`/lists/${direction}`} className="arranger-form">
            {hidden}
            <label>
              {t('arrange.name')}
              <input name="name" required maxLength={60} autoComplete="off" />
            </label>
            <button className="button" name="act" value="save">
              {t('arrange.saveIt')}
            </button>
          </Form>
        </Dropdown>
      )}
      <Dropdown label={t('arrange.columns')}>
        <Form method="post" action={`/lists/${direction}`} className="arranger-form">
          {hidden}
          <fieldset>
            <legend>{t('arrange.shown')}</legend>
            {columns
              .filter(({ name }) => optionalColumns[direction].includes(name))
              .map(({ name, label }) => (
                <label key={name}>
                  <input
                    type="checkbox"
                    name="column"
                    value={name}
                    defaultChecked={!arranged.hiddenColumns.includes(name)}
                  />
                  {label}
                </label>
              ))}
          </fieldset>
          <button className="button" name="act" value="columns">
            {t('arrange.keep')}
          </button>
        </Form>
      </Dropdown>
    </div>
  )
}

function Dropdown({ label, children }: { label: string; children: ReactNode }) {
  const details = useClosing()
  return (
    <details className="menu" ref={details}>
      <summary className="text-button">
        {label} <Icon name="down" size={14} />
      </summary>
      <div className="menu-body">{children}</div>
    </details>
  )
}

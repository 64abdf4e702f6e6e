import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useCallback, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowElement } from '#db/administration.ts'
import type { CaseMigration, Unmapped } from '#db/case-migrations.ts'
import type { misfitsOf } from '#db/migrating-cases.ts'
import { FlowDiagram } from '../components/FlowDiagram.tsx'
import { SelectField } from '../components/Field.tsx'
import { useFormats, useSentence } from '../viewer.ts'
import { LoadMap } from './LoadMap.tsx'

/**
 * Where the cases stand in the version they are on, and beside it the elements without a counterpart in the newer one, to be
 * mapped by hand: in the fields, or by clicking on the diagrams.
 */
export function MapSection({
  migration,
  before,
  after,
  elements,
  misfits,
  children,
}: {
  migration: CaseMigration
  before: { xml: string; elements: FlowElement[] }
  after: { xml: string }
  elements: readonly Unmapped[]
  misfits: Awaited<ReturnType<typeof misfitsOf>>
  /** Below the fields. */
  children: ReactNode
}) {
  const { t } = useTranslation('migrations')
  const say = useSentence()
  const { number } = useFormats()
  const form = useRef<HTMLFormElement>(null)
  const [pointed, setPointed] = useState<string | null>(null)
  const [counterpart, setCounterpart] = useState<string | null>(null)
  const open = migration.state === 'checked' || migration.state === 'checking'
  const field = useCallback((id: string) => form.current?.querySelector<HTMLSelectElement>(`[name="map:${id}"]`), [])
  const point = useCallback(
    (id: string) => {
      setPointed(id)
      setCounterpart(field(id)?.value || null)
    },
    [field],
  )
  const choose = useCallback(
    (id: string) => {
      const select = pointed === null ? null : field(pointed)
      if (!select || ![...select.options].some(({ value }) => value === id)) return
      select.value = id
      setCounterpart(id)
      select.focus()
    },
    [field, pointed],
  )
  return (
    <div className="map-section">
      <div className="stack">
        <LoadMap
          {...before}
          pointed={pointed}
          onPick={(id) => field(id)?.focus()}
          title={t('map.old', { version: number(migration.from) })}
        />
        {elements.length > 0 && (
          <FlowDiagram
            xml={after.xml}
            active={[]}
            done={[]}
            pointed={counterpart}
            label={t('map.new', { version: number(migration.to) })}
            onPick={choose}
            bar={
              <p className="small-text">
                <strong>{t('map.new', { version: number(migration.to) })}</strong>{' '}
                {open && <span className="muted needs-script">{t('map.newHint')}</span>}
              </p>
            }
          />
        )}
      </div>
      <div className="stack">
        <section className="panel" aria-labelledby="map">
          <h2 id="map">{t('map.title')}</h2>
          {misfits.length > 0 && (
            <ul className="misfits">
              {misfits.map(({ elementId, element, reason, cases: count }) => (
                <li key={`${elementId} ${reason}`}>{t(`misfit.${reason}`, { element: say(element), count })}</li>
              ))}
            </ul>
          )}
          {elements.length === 0 ? (
            <p className="muted">{t('map.none')}</p>
          ) : (
            <Form ref={form} method="post" className="stack" preventScrollReset>
              <p className="muted small-text">{t('map.hint')}</p>
              <div className="map-fields">
                {elements.map(({ elementId, element, choices, mapped }) => (
                  <SelectField
                    key={elementId}
                    name={`map:${elementId}`}
                    label={say(element)}
                    empty={choices.length === 0 ? t('map.noChoice') : t('map.leave')}
                    choices={choices.map((choice) => ({ value: choice.elementId, label: say(choice.element) }))}
                    defaultValue={mapped ?? ''}
                    disabled={!open || choices.length === 0}
                    onFocus={() => point(elementId)}
                    onChange={(event) => setCounterpart(event.currentTarget.value || null)}
                  />
                ))}
              </div>
              {open && (
                <div>
                  <Button type="submit" name="act" value="map" variant="default">
                    {t('map.save')}
                  </Button>
                </div>
              )}
            </Form>
          )}
        </section>
        {children}
      </div>
    </div>
  )
}

import { Button } from '@mantine/core'
import { Form, Link } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Consequence } from '#db/case-rehearsal.ts'
import type { Sentence } from '#db/refusal.ts'
import { useHolderWords } from '../tasks/NextHolders.tsx'
import { useFormats, useSentence } from '../viewer.ts'
import type { ChangeFields } from './change-form.ts'

export interface RehearsedChange {
  fields: ChangeFields
  consequences: Consequence[]
  standsAt: Sentence[]
}

/** What would come of a change, before it is made: by the same function that makes it. */
export function Rehearsal({ of, form }: { of: RehearsedChange; form: string }) {
  const { t } = useTranslation('cases')
  const say = useSentence()
  const shown = useRef<HTMLElement>(null)
  // The form that asked for it may stand further down.
  useEffect(() => {
    // In newer browsers it gives a promise, which is no clean-up.
    shown.current?.scrollIntoView({ block: 'nearest' })
  }, [of])
  return (
    <section ref={shown} className="panel rehearsal" aria-labelledby="rehearsal" role="status">
      <h2 id="rehearsal">{t('rehearsal.title')}</h2>
      {of.consequences.length === 0 ? (
        <p>{t('rehearsal.nothing')}</p>
      ) : (
        <ul>
          {of.consequences.map((one, index) => (
            <ConsequenceLine key={index} one={one} />
          ))}
        </ul>
      )}
      {of.standsAt.length > 0 && (
        <p>{t('rehearsal.standsAt', { elements: of.standsAt.map((element) => say(element)).join('; ') })}</p>
      )}
      <p className="muted">{t('rehearsal.reason', { reason: of.fields.reason })}</p>
      <Form method="post" className="row">
        {Object.entries(of.fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="form" value={form} />
        <Button type="submit" name="intent" value="change">
          {t('rehearsal.do')}
        </Button>
        <Link to=".">{t('rehearsal.leave')}</Link>
      </Form>
    </section>
  )
}

function ConsequenceLine({ one }: { one: Consequence }) {
  const { t } = useTranslation(['cases', 'administration'])
  const say = useSentence()
  const words = useHolderWords()
  const { dateTime } = useFormats()
  const { kind, element, detail, holder, dueAt } = one
  const service = detail === null ? '' : t(`administration:service.${detail}`, { defaultValue: detail })
  const what =
    kind === 'incident'
      ? t(`administration:incidents.code.${detail}`, { defaultValue: detail ?? '' })
      : kind === 'callMade' || kind === 'serviceRuns'
        ? service
        : (detail ?? '')
  return (
    <li>
      {t(`consequence.${kind}`, { element: element ? say(element) : '', what })}
      {holder && words(holder) !== '' && ` – ${words(holder)}`}
      {dueAt !== null && <span className="muted"> · {t('consequence.at', { at: dateTime(dueAt) })}</span>}
    </li>
  )
}

import { Button } from '@mantine/core'
import { Form, Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place, TokenLine } from '#db/case-administration.ts'
import { SelectField, TextField } from '../components/Field.tsx'
import { useRefusal } from '../refusal.ts'
import { useSentence } from '../viewer.ts'
import type { ChangeFields } from './change-form.ts'
import { variableKinds } from './variable.ts'

interface Changeable {
  seen: number
  places: readonly Place[]
  variableNames: readonly string[]
}

/** What can be done to the token that was chosen, or to the case as a whole where none was. Each is rehearsed first. */
export function ChangeForms({ of, token, sent }: { of: Changeable; token: TokenLine | null; sent: ChangeFields }) {
  const { t } = useTranslation('cases')
  const say = useSentence()
  const refusal = useRefusal()
  const wrong = (name: string, act: string) => (sent.do === act ? refusal?.fields[name] : undefined)
  const placeName = (place: Place) => [...place.within, place.element].map(say).join(' › ')
  const form = (act: string, fields: ReactNode, title: string) => (
    <Form method="post" className="stack change-form" preventScrollReset key={act}>
      <h3>{title}</h3>
      <input type="hidden" name="do" value={act} />
      <input type="hidden" name="seen" value={of.seen} />
      {token && <input type="hidden" name="tokenId" value={token.tokenId} />}
      {fields}
      <TextField
        name="reason"
        label={t('change.reason')}
        required
        minLength={5}
        maxLength={500}
        autoComplete="off"
        defaultValue={sent.do === act ? sent.reason : ''}
        error={wrong('reason', act)}
      />
      <div>
        <Button type="submit" name="intent" value="rehearse" variant="default">
          {t('change.rehearse')}
        </Button>
      </div>
    </Form>
  )
  return (
    <section className="panel" aria-labelledby="change" id="change-panel">
      <h2 id="change">
        {token ? t('change.ofToken', { element: say(token.element) }) : t('change.ofCase')}{' '}
        {token && (
          <Link to="." className="small-text" preventScrollReset>
            {t('change.wholeCase')}
          </Link>
        )}
      </h2>
      <div className="change-forms">
        {token ? (
          <>
            {form(
              'moveToken',
              <SelectField
                name="to"
                label={t('change.to')}
                empty={t('change.choose')}
                defaultValue={sent.do === 'moveToken' ? sent.to : ''}
                choices={of.places
                  .filter(({ scopeId }) => scopeId === token.scopeId)
                  .map((place) => ({ value: place.elementId, label: say(place.element) }))}
                error={wrong('to', 'moveToken')}
              />,
              t('change.move'),
            )}
            {form('cancelToken', <p className="muted small-text">{t('change.cancelHint')}</p>, t('change.cancel'))}
          </>
        ) : (
          <>
            {form(
              'addToken',
              <SelectField
                name="place"
                label={t('change.place')}
                empty={t('change.choose')}
                defaultValue={sent.do === 'addToken' ? sent.place : ''}
                choices={of.places.map((place) => ({
                  value: `${place.scopeId} ${place.elementId}`,
                  label: placeName(place),
                }))}
                error={wrong('place', 'addToken')}
              />,
              t('change.add'),
            )}
            {form(
              'setVariables',
              <VariableFields
                names={of.variableNames}
                sent={sent.do === 'setVariables' ? sent : {}}
                wrong={(name) => wrong(name, 'setVariables')}
              />,
              t('change.set'),
            )}
          </>
        )}
      </div>
    </section>
  )
}

/** A variable's name, its kind and its value. */
export function VariableFields({
  names,
  sent = {},
  wrong,
}: {
  names: readonly string[]
  sent?: ChangeFields
  wrong: (name: string) => Parameters<typeof TextField>[0]['error']
}) {
  const { t } = useTranslation('cases')
  return (
    <div className="variable-fields">
      <TextField
        name="name"
        label={t('variable.name')}
        list="variable-names"
        autoComplete="off"
        required
        maxLength={64}
        defaultValue={sent.name}
        error={wrong('name')}
      />
      <SelectField
        name="kind"
        label={t('variable.kind')}
        defaultValue={sent.kind ?? 'text'}
        choices={variableKinds.map((kind) => ({ value: kind, label: t(`variable.kinds.${kind}`) }))}
        error={wrong('kind')}
      />
      <TextField
        name="value"
        label={t('variable.value')}
        autoComplete="off"
        maxLength={10_000}
        defaultValue={sent.value}
        error={wrong('value')}
      />
      <datalist id="variable-names">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  )
}

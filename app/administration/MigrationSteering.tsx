import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CaseMigration, Unmapped } from '#db/case-migrations.ts'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { SelectField, TextField } from '../components/Field.tsx'
import { useRefusal } from '../refusal.ts'
import { useSentence } from '../viewer.ts'

/** What an administrator can have done with a migration as it stands. */
export function MigrationSteering({ migration }: { migration: CaseMigration }) {
  const { t } = useTranslation('migrations')
  const refusal = useRefusal()
  const { state, cases } = migration
  const button = (act: string) => (
    <Button type="submit" name="act" value={act} variant="default" formNoValidate>
      {t(`act.${act}`)}
    </Button>
  )
  if (state === 'dropped') return null
  return (
    <Form method="post" className="row wrap" preventScrollReset>
      {state === 'checked' && cases.fits > 0 && (
        <ConfirmButton
          label={t('act.move', { count: cases.fits })}
          question={t('act.moveQuestion', { count: cases.fits, left: cases.unfit, to: migration.to })}
          confirm={t('act.moveConfirm')}
          name="act"
          value="move"
          tone="plain"
        >
          <TextField
            name="reason"
            label={t('act.reason')}
            required
            minLength={5}
            maxLength={500}
            autoComplete="off"
            error={refusal?.fields.reason}
          />
        </ConfirmButton>
      )}
      {state === 'moving' && button('pause')}
      {state === 'paused' && button('resume')}
      {(state === 'checked' || (state === 'done' && cases.unfit + cases.failed > 0)) && button('again')}
      {(state === 'checked' || state === 'checking') && button('drop')}
    </Form>
  )
}

/** Elements without a counterpart in the newer version, to be mapped by hand. */
export function MapForm({ elements, disabled }: { elements: readonly Unmapped[]; disabled: boolean }) {
  const { t } = useTranslation('migrations')
  const say = useSentence()
  if (elements.length === 0) return <p className="muted">{t('map.none')}</p>
  return (
    <Form method="post" className="stack" preventScrollReset>
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
            disabled={disabled || choices.length === 0}
          />
        ))}
      </div>
      {!disabled && (
        <div>
          <Button type="submit" name="act" value="map" variant="default">
            {t('map.save')}
          </Button>
        </div>
      )}
    </Form>
  )
}

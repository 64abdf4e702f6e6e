import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CaseMigration } from '#db/case-migrations.ts'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { TextField } from '../components/Field.tsx'
import { useRefusal } from '../refusal.ts'

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
          question={t(cases.unfit > 0 ? 'act.moveQuestion' : 'act.moveAll', {
            count: cases.fits,
            left: cases.unfit,
            to: migration.to,
          })}
          confirm={t('act.moveConfirm')}
          name="act"
          value="move"
          tone="primary"
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

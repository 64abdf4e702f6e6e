import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { usePick } from '../viewer.ts'
import { useEntered } from './entered.tsx'
import { ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'
import { UnitChecks } from './UnitChecks.tsx'

/** Đăng ký, phát hành an internal document. */
export function NoticeRegisterForm({ task, choices }: TaskFormProps<'notice.register'>) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, error } = useEntered()
  const { document } = task
  const first = document?.kindCode ?? 'TB'
  const [kind, setKind] = useState(value('kindCode', first))
  const asked = task.given.recipientUnits
  return (
    <>
      <SelectField
        name="kindCode"
        label={t('field.kind')}
        choices={choices.kinds.map((each) => ({ value: each.code, label: pick(each.name, each.nameEn) }))}
        defaultValue={value('kindCode', first)}
        onChange={(event) => setKind(event.currentTarget.value)}
        error={error('kindCode')}
      />
      <p className="next-code" aria-live="polite">
        {t('dispatch.nextCode')} <strong>{choices.nextCodes[kind]}</strong>{' '}
        <small className="muted">{t('dispatch.nextCodeNote')}</small>
      </p>
      <TextAreaField
        name="subject"
        label={t('field.subject')}
        rows={3}
        required
        maxLength={500}
        defaultValue={value('subject', document?.subject ?? '')}
        error={error('subject')}
      />
      <TextField
        name="issuedOn"
        type="date"
        label={t('field.issuedOn')}
        required
        defaultValue={value('issuedOn', document?.issuedOn ?? choices.today)}
        error={error('issuedOn')}
      />
      <div className="field-pair">
        <TextField
          name="signerName"
          label={t('field.signerName')}
          required
          maxLength={50}
          defaultValue={value('signerName', document?.signerName ?? '')}
          error={error('signerName')}
        />
        <TextField
          name="signerPosition"
          label={t('field.signerPosition')}
          required
          maxLength={100}
          defaultValue={value('signerPosition', document?.signerPosition ?? '')}
          error={error('signerPosition')}
        />
      </div>
      <TextAreaField
        name="recipients"
        label={t('field.recipients')}
        rows={3}
        required
        maxLength={1000}
        defaultValue={value('recipients', document?.recipients ?? '')}
        error={error('recipients')}
      />
      <UnitChecks
        name="recipientUnits"
        label={t('field.recipientUnits')}
        units={choices.units}
        chosen={asked.length > 0 ? asked : choices.units.map(({ code }) => code)}
        open={false}
      />
      <SubmitBar
        primary={{ label: t('action.issue'), name: 'outcome', value: 'issued' }}
        consequence={t('consequence.issue')}
      >
        <ReturnAction to="Author" />
      </SubmitBar>
    </>
  )
}

import { Link } from '@remix-run/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CheckField, SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useFormats, usePick } from '../viewer.ts'
import { useEntered } from './entered.tsx'
import { officeDay } from './office-day.ts'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Vào sổ: the fields in the order of the book (NĐ 30/2020, Phụ lục IV), filled from the message where there is one. */
export function RegisterForm({ task, choices }: TaskFormProps<'incoming.register'>) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, error } = useEntered()
  const { date } = useFormats()
  const document = task.document
  const [agency, setAgency] = useState(value('agencyName', document?.agencyName ?? ''))
  const [secrecy, setSecrecy] = useState(value('secrecy', document?.secrecy ?? 0))
  if (!document) return null
  const fromMessage = document.source === 'exchange'
  // The code goes with the name: of what is chosen from the list, or as the message said it.
  const known = choices.agencies.find((each) => each.name === agency.trim() || each.nameEn === agency.trim())
  const agencyCode = known?.code ?? (agency === document.agencyName ? document.agencyCode : null)
  const levels = ['0', '1', '2', '3'] as const
  const urgencies = [...levels, '4'] as const
  const confirmError = error('confirmDuplicate')
  return (
    <>
      {fromMessage && <p className="field-hint">{t('register.fromMessage')}</p>}
      {(choices.twins.length > 0 || confirmError) && (
        <div className="twins" role="alert">
          <strong>{t('register.twins')}</strong>
          <ul>
            {choices.twins.map((twin) => (
              <li key={twin.id}>
                <Link to={`/documents/${twin.id}`} target="_blank">
                  {twin.code}
                </Link>{' '}
                {twin.registerNumber !== null && t('register.arrivalNumber', { number: twin.registerNumber })} ·{' '}
                {twin.subject}
              </li>
            ))}
          </ul>
          <CheckField name="confirmDuplicate" value="true" label={t('register.confirmTwin')} error={confirmError} />
        </div>
      )}
      <div className="field-pair" data-narrow-first="">
        <TextField
          name="number"
          label={t('field.number')}
          required
          inputMode="numeric"
          maxLength={7}
          defaultValue={value('number', document.number)}
          error={error('number')}
        />
        <TextField
          name="notation"
          label={t('field.notation')}
          required
          maxLength={100}
          defaultValue={value('notation', document.notation)}
          error={error('notation')}
        />
      </div>
      <TextField
        name="agencyName"
        label={t('field.agency')}
        required
        maxLength={200}
        list="agencies"
        autoComplete="off"
        defaultValue={value('agencyName', document.agencyName)}
        onChange={(event) => setAgency(event.currentTarget.value)}
        hint={agencyCode ? t('register.agencyCode', { code: agencyCode }) : undefined}
        error={error('agencyName') ?? error('agencyCode')}
      />
      <input type="hidden" name="agencyCode" value={agencyCode ?? ''} />
      <datalist id="agencies">
        {choices.agencies.map((each) => (
          <option key={each.code} value={each.name}>
            {each.code}
          </option>
        ))}
      </datalist>
      <div className="field-pair">
        <TextField
          name="issuedOn"
          type="date"
          label={t('field.issuedOn')}
          required
          max={choices.today}
          defaultValue={value('issuedOn', document.issuedOn)}
          error={error('issuedOn')}
        />
        <SelectField
          name="kindCode"
          label={t('field.kind')}
          required
          empty={t('field.choose')}
          choices={choices.kinds.map((each) => ({ value: each.code, label: pick(each.name, each.nameEn) }))}
          defaultValue={value('kindCode', document.kindCode)}
          error={error('kindCode')}
        />
      </div>
      <TextAreaField
        name="subject"
        label={t('field.subject')}
        rows={3}
        required
        maxLength={500}
        defaultValue={value('subject', document.subject)}
        error={error('subject')}
      />
      <div className="field-pair">
        <SelectField
          name="urgency"
          label={t('field.urgency')}
          choices={urgencies.map((level) => ({ value: level, label: t(`common:urgency.${level}`) }))}
          defaultValue={value('urgency', document.urgency)}
          error={error('urgency')}
        />
        <SelectField
          name="secrecy"
          label={t('field.secrecy')}
          choices={levels.map((level) => ({ value: level, label: t(`common:secrecy.${level}`) }))}
          defaultValue={value('secrecy', document.secrecy)}
          onChange={(event) => setSecrecy(event.currentTarget.value)}
          error={error('secrecy')}
        />
      </div>
      {Number(secrecy) > 0 && (
        <p className="secret-warning" role="alert">
          {t('register.secret')}
        </p>
      )}
      <div className="field-pair">
        <TextField
          name="signerName"
          label={t('field.signerName')}
          maxLength={50}
          defaultValue={value('signerName', document.signerName)}
          error={error('signerName')}
        />
        <TextField
          name="signerPosition"
          label={t('field.signerPosition')}
          maxLength={100}
          defaultValue={value('signerPosition', document.signerPosition)}
          error={error('signerPosition')}
        />
      </div>
      <div className="field-pair">
        <TextField
          name="pageCount"
          type="number"
          min={1}
          max={999}
          label={t('field.pageCount')}
          defaultValue={value('pageCount', document.pageCount)}
          error={error('pageCount')}
        />
        <TextField
          name="dueOn"
          type="date"
          label={t('field.dueOn')}
          min={choices.today}
          defaultValue={value('dueOn', document.dueAt === null ? '' : officeDay(document.dueAt))}
          hint={
            document.dueAt !== null && fromMessage ? t('register.dueAsked', { date: date(document.dueAt) }) : undefined
          }
          error={error('dueOn')}
        />
      </div>
      <TextAreaField
        name="note"
        label={t('field.bookNote')}
        rows={2}
        maxLength={500}
        defaultValue={value('note', document.note)}
        error={error('note')}
      />
      <SubmitBar
        primary={{ label: t('action.register'), name: 'outcome', value: 'registered' }}
        consequence={t('consequence.register')}
      >
        <OtherAction
          outcome="refused"
          label={t('action.refuse')}
          confirm={t('action.refuseConfirm')}
          consequence={t(fromMessage ? 'consequence.refuseExchange' : 'consequence.refuse')}
          tone="bad"
        >
          <ReasonField outcome="refused" />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

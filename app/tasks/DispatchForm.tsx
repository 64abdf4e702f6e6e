import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { SigningPanel } from '../signing/SigningPanel.tsx'
import { usePick } from '../viewer.ts'
import { AppendixList } from './AppendixList.tsx'
import { AgencyChecks } from './AgencyChecks.tsx'
import { DecidedVersion } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import type { TaskFormProps } from './shown-task.ts'
import { UnitChecks } from './UnitChecks.tsx'
import { usualDispatch } from './usual-dispatch.ts'

/** Cấp số, phát hành the signed reply. */
export function DispatchForm({ task, choices, signing }: TaskFormProps<'incoming.dispatch'>) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, error } = useEntered()
  const usual = usualDispatch(task, choices.units)
  const [kind, setKind] = useState(value('kindCode', usual.kindCode))
  return (
    <>
      <DecidedVersion draft={choices.drafts[0]} signOffs={choices.signOffs} />
      <SelectField
        name="kindCode"
        label={t('field.kind')}
        choices={choices.kinds.map((each) => ({ value: each.code, label: pick(each.name, each.nameEn) }))}
        defaultValue={value('kindCode', usual.kindCode)}
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
        rows={2}
        required
        maxLength={500}
        defaultValue={value('subject', usual.subject)}
        error={error('subject')}
      />
      <TextAreaField
        name="recipients"
        label={t('field.recipients')}
        rows={3}
        required
        maxLength={1000}
        defaultValue={value('recipients', usual.recipients)}
        error={error('recipients')}
      />
      <TextField
        name="copies"
        type="number"
        min={1}
        max={9999}
        label={t('field.copies')}
        defaultValue={value('copies', usual.copies)}
        error={error('copies')}
      />
      <AgencyChecks agencies={choices.agencies} chosen={usual.recipientAgencies} />
      <UnitChecks
        name="recipientUnits"
        label={t('field.recipientUnits')}
        units={choices.units}
        chosen={usual.recipientUnits}
        open={false}
      />
      <AppendixList appendices={choices.appendices} sealed={signing !== null} />
      {signing && <SigningPanel offer={signing} />}
      <SubmitBar
        primary={{ label: t(signing ? 'action.seal' : 'action.dispatch'), name: 'outcome', value: 'dispatched' }}
        consequence={t('consequence.dispatch')}
      />
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { CheckField, SelectField, TextAreaField } from '../components/Field.tsx'
import { AgencyChecks } from '../tasks/AgencyChecks.tsx'
import { DeadlineField } from '../tasks/DeadlineField.tsx'
import { useEntered } from '../tasks/entered.tsx'
import { UnitChecks } from '../tasks/UnitChecks.tsx'
import { usePick } from '../viewer.ts'
import type { outgoingChoices } from './choices.server.ts'
import { UrgencyField } from './UrgencyField.tsx'

/** What the author of an outgoing document says of it, beside its file. */
export function OutgoingFields({
  kinds,
  agencies,
  units,
  opinionUnits,
  leaders,
  calendar,
}: Awaited<ReturnType<typeof outgoingChoices>>) {
  const { t } = useTranslation('drafting')
  const pick = usePick()
  const { value, error } = useEntered()
  return (
    <>
      <div className="field-pair">
        <SelectField
          name="kindCode"
          label={t('outgoing.kind')}
          choices={kinds.map((kind) => ({ value: kind.code, label: pick(kind.name, kind.nameEn) }))}
          defaultValue={value('kindCode', 'CV')}
          error={error('kindCode')}
        />
        <SelectField
          name="leaderPost"
          label={t('outgoing.leader')}
          choices={leaders.map((each) => ({
            value: each.postId,
            label: `${pick(each.title, each.titleEn)} ${each.fullName}`,
          }))}
          defaultValue={value('leaderPost', leaders[0]?.postId ?? '')}
          error={error('leaderPost')}
        />
      </div>
      <TextAreaField
        name="subject"
        label={t('outgoing.subject')}
        hint={t('outgoing.subjectHint')}
        rows={2}
        maxLength={500}
        required
        defaultValue={value('subject')}
        error={error('subject')}
      />
      <UrgencyField />
      <TextAreaField
        name="recipients"
        label={t('outgoing.recipients')}
        rows={3}
        maxLength={1000}
        required
        defaultValue={value('recipients', t('outgoing.recipientsDefault'))}
        error={error('recipients')}
      />
      <AgencyChecks agencies={agencies} chosen={[]} />
      <UnitChecks name="recipientUnits" label={t('outgoing.units')} units={units} chosen={[]} open={false} />
      <UnitChecks
        name="opinionUnits"
        label={t('outgoing.opinionUnits')}
        units={opinionUnits}
        chosen={[]}
        open={false}
      />
      <DeadlineField
        name="opinionDeadline"
        label={t('outgoing.opinionDeadline')}
        hint={t('outgoing.opinionDeadlineHint')}
        calendar={calendar}
        required={false}
      />
      <CheckField
        name="legalCheck"
        label={t('outgoing.legalCheck')}
        hint={t('outgoing.legalCheckHint')}
        defaultChecked={value('legalCheck') === 'on'}
      />
      <TextAreaField
        name="note"
        label={t('outgoing.note')}
        rows={2}
        maxLength={2000}
        defaultValue={value('note')}
        error={error('note')}
      />
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { CheckField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { formatParts } from '../forms/outgoing-schemas.ts'
import { InitialPanel } from '../signing/InitialPanel.tsx'
import { DecidedVersion, Drafts, isPdf } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { NoteField } from './NoteField.tsx'
import { Opinions } from './Opinions.tsx'
import { ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** What is looked at, by the form's key. */
const looks = { 'outgoing.approve': 'content', 'outgoing.checkFormat': 'format', 'outgoing.checkLaw': 'law' } as const

/** Duyệt dự thảo, kiểm tra thể thức, thẩm tra pháp lý: exactly the version that is shown goes on, or back with a reason. */
export function CheckDraftForm({
  choices,
  opinions,
  signing,
}: TaskFormProps<'outgoing.approve' | 'outgoing.checkFormat' | 'outgoing.checkLaw'>) {
  const { t } = useTranslation('tasks')
  const { value, sentBack } = useEntered()
  const look = looks[choices.key]
  return (
    <>
      <Drafts drafts={choices.drafts} />
      <DecidedVersion draft={choices.drafts[0]} signOffs={choices.signOffs} />
      <Opinions given={opinions.given} awaited={opinions.awaited} />
      {look === 'content' && (
        <CheckField
          name="legalCheck"
          label={t('check.askLegal')}
          hint={t('check.askLegalHint')}
          defaultChecked={sentBack ? value('legalCheck') === 'on' : choices.legalCheck}
        />
      )}
      {signing && <InitialPanel offer={signing} isPdf={isPdf(choices.drafts[0])} />}
      <NoteField />
      <SubmitBar
        primary={{ label: t(`check.${look}.pass`), name: 'outcome', value: 'approved' }}
        consequence={t(`check.${look}.consequence`)}
      >
        <ReturnAction to="Drafter">{look === 'format' && <FormatFaults />}</ReturnAction>
      </SubmitBar>
    </>
  )
}

/** Which parts of the document's form are wrong. */
function FormatFaults() {
  const { t } = useTranslation('tasks')
  const { values } = useEntered()
  const ticked = values('faults')
  return (
    <fieldset className="unit-checks">
      <legend>{t('check.faults')}</legend>
      <div className="unit-check-list">
        {formatParts.map((part) => (
          <label key={part}>
            <input type="checkbox" name="faults" value={part} defaultChecked={ticked.includes(part)} />
            {t(`check.fault.${part}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

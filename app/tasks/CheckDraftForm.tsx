import { useTranslation } from 'react-i18next'
import { CheckField, TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { DecidedVersion, Drafts } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { Opinions } from './Opinions.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'
import '../styles/opinions.css'

/** What is looked at, by the form's key. */
const looks = { 'outgoing.approve': 'content', 'outgoing.checkFormat': 'format', 'outgoing.checkLaw': 'law' } as const

/** Duyệt dự thảo, kiểm tra thể thức, thẩm tra pháp lý: exactly the version that is shown goes on, or back with a reason. */
export function CheckDraftForm({
  choices,
  opinions,
}: TaskFormProps<'outgoing.approve' | 'outgoing.checkFormat' | 'outgoing.checkLaw'>) {
  const { t } = useTranslation('tasks')
  const { value, error, sentBack } = useEntered()
  const look = looks[choices.key]
  return (
    <>
      {look === 'format' && (
        <ul className="check-points">
          {(t('check.formatPoints', { returnObjects: true }) as unknown as string[]).map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
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
      <TextAreaField
        name="note"
        label={t('field.note')}
        rows={2}
        maxLength={2000}
        defaultValue={value('note')}
        error={error('note')}
      />
      <SubmitBar
        primary={{ label: t(`check.${look}.pass`), name: 'outcome', value: 'approved' }}
        consequence={t(`check.${look}.consequence`)}
      >
        <OtherAction
          outcome="returned"
          label={t('action.return')}
          confirm={t('action.returnToDrafter')}
          consequence={t('consequence.returnToDrafter')}
        >
          <ReasonField outcome="returned" />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

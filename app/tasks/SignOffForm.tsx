import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { SigningPanel } from '../signing/SigningPanel.tsx'
import { DecidedVersion, Drafts, fileAddress, isPdf } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { Opinions } from './Opinions.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Ký duyệt: exactly the version that is shown. */
export function SignOffForm({ choices, opinions, signing }: TaskFormProps<'incoming.signOff'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const [newest] = choices.drafts
  return (
    <>
      <Drafts drafts={choices.drafts} />
      <DecidedVersion draft={choices.drafts[0]} signOffs={choices.signOffs} />
      <Opinions given={opinions.given} awaited={opinions.awaited} />
      {signing ? (
        <SigningPanel
          offer={signing}
          draftUrl={isPdf(newest) && newest ? `${fileAddress(newest)}?inline` : undefined}
        />
      ) : (
        <p className="signature-place">{t('signOff.recorded')}</p>
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
        primary={{ label: t(signing ? 'action.sign' : 'action.signOff'), name: 'outcome', value: 'signed' }}
        consequence={t('consequence.signOff')}
      >
        <OtherAction
          outcome="returned"
          label={t('action.return')}
          confirm={t('action.returnToSpecialist')}
          consequence={t('consequence.returnToSpecialist')}
        >
          <ReasonField outcome="returned" />
        </OtherAction>
      </SubmitBar>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { SigningPanel } from '../signing/SigningPanel.tsx'
import { DecidedVersion, Drafts, fileAddress, isPdf } from './Drafts.tsx'
import { NoteField } from './NoteField.tsx'
import { Opinions } from './Opinions.tsx'
import { ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Ký duyệt: exactly the version that is shown. */
export function SignOffForm({ choices, opinions, signing }: TaskFormProps<'incoming.signOff'>) {
  const { t } = useTranslation('tasks')
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
      <NoteField />
      <SubmitBar
        primary={{ label: t(signing ? 'action.sign' : 'action.signOff'), name: 'outcome', value: 'signed' }}
        consequence={t('consequence.signOff')}
      >
        <ReturnAction to="Specialist" />
      </SubmitBar>
    </>
  )
}

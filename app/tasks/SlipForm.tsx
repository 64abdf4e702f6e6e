import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { DecidedVersion, Drafts } from './Drafts.tsx'
import { useEntered } from './entered.tsx'
import { ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Duyệt phiếu trình, Văn phòng cho ý kiến, quyết định: what is proposed, the words of this step, and on or back. */
export function SlipForm({ task, choices }: TaskFormProps<'slip.review' | 'slip.office' | 'slip.decide'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const decides = choices.key === 'slip.decide'
  const step = choices.key === 'slip.review' ? 'review' : 'office'
  return (
    <>
      <blockquote className="proposal">
        <strong>{t('slip.proposal')}</strong>
        <p className="as-written">{task.document?.note}</p>
      </blockquote>
      {choices.drafts.length > 0 && <Drafts drafts={choices.drafts} />}
      <DecidedVersion draft={choices.drafts[0]} signOffs={choices.signOffs} />
      {decides ? (
        <>
          <TextAreaField
            name="opinion"
            label={t('slip.opinion')}
            hint={t('slip.opinionHint')}
            rows={4}
            maxLength={5000}
            defaultValue={value('opinion')}
            error={error('opinion')}
          />
          <SubmitBar
            primary={{ label: t('slip.agree'), name: 'outcome', value: 'agreed' }}
            others={[
              { label: t('slip.disagree'), name: 'outcome', value: 'disagreed' },
              { label: t('slip.direct'), name: 'outcome', value: 'directed' },
            ]}
            consequence={t('slip.decideConsequence')}
          >
            <ReturnAction to="Drafter" />
          </SubmitBar>
        </>
      ) : (
        <>
          <TextAreaField
            name="note"
            label={t(`slip.${step}.words`)}
            rows={3}
            maxLength={2000}
            defaultValue={value('note')}
            error={error('note')}
          />
          <SubmitBar
            primary={{
              label: t(`slip.${step}.pass`),
              name: 'outcome',
              value: step === 'review' ? 'approved' : 'forwarded',
            }}
            consequence={t(`slip.${step}.consequence`)}
          >
            <ReturnAction to="Drafter" />
          </SubmitBar>
        </>
      )}
    </>
  )
}

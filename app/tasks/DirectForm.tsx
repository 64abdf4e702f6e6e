import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useFormats } from '../viewer.ts'
import { DeadlineField } from './DeadlineField.tsx'
import { useEntered } from './entered.tsx'
import { OtherAction, ReturnAction } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'
import { UnitPicker } from './UnitPicker.tsx'

/** Bút phê: units with their parts, deadline, opinion. */
export function DirectForm({ task, choices }: TaskFormProps<'incoming.direct'>) {
  const { t } = useTranslation('tasks')
  const { value, error, outcome } = useEntered()
  const { date } = useFormats()
  const box = useRef<HTMLDivElement>(null)
  const own = t('phrases', { returnObjects: true }) as unknown as string[]
  const phrases = [...new Set([...choices.phrases, ...own])].slice(0, 6)
  const write = (phrase: string) => {
    const field = box.current?.querySelector('textarea')
    if (!field) return
    const before = field.value.trim()
    field.value = before ? `${before.replace(/[.;,]?$/, '.')} ${phrase}` : phrase
    field.focus()
  }
  const { dueAt } = task.document ?? { dueAt: null }
  // A direction that came back to be given anew keeps what was directed before.
  const { given } = task
  return (
    <>
      {choices.proposal && (
        <blockquote className="proposal">
          <strong>{t('direct.proposal')}</strong>
          <p>{choices.proposal}</p>
        </blockquote>
      )}
      <UnitPicker
        units={choices.units}
        initial={{
          lead: given.leadUnit ?? choices.proposed.lead ?? '',
          coordinating: given.leadUnit ? given.coordinatingUnits : choices.proposed.coordinating,
          information: given.informationUnits,
        }}
      />
      {!given.leadUnit && choices.proposed.lead && <p className="field-hint">{t('direct.prefilled')}</p>}
      <DeadlineField
        name="deadline"
        label={t('field.deadline')}
        calendar={choices.calendar}
        initial={dueAt !== null && dueAt > task.openedAt ? date(dueAt) : ''}
        hint={dueAt !== null ? t('hint.askedBy', { date: date(dueAt) }) : undefined}
      />
      <div ref={box}>
        <TextAreaField
          name="opinion"
          label={t('field.opinion')}
          rows={3}
          maxLength={2000}
          defaultValue={outcome === 'filed' ? '' : value('opinion')}
          error={error('opinion')}
        />
      </div>
      <div className="chips needs-script" aria-label={t('direct.phrases')} role="group">
        {phrases.map((phrase) => (
          <button key={phrase} type="button" className="chip" onClick={() => write(phrase)}>
            {phrase}
          </button>
        ))}
      </div>
      <SubmitBar
        primary={{ label: t('action.direct'), name: 'outcome', value: 'directed' }}
        consequence={t('consequence.direct')}
      >
        <OtherAction
          outcome="filed"
          label={t('action.file')}
          confirm={t('action.fileConfirm')}
          consequence={t('consequence.file')}
        />
        <ReturnAction to="Office" />
      </SubmitBar>
    </>
  )
}

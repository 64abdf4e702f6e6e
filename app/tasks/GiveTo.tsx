import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import type { ChoicesOf } from './choices.server.ts'
import { ColleagueField } from './ColleagueField.tsx'
import { DeadlineField } from './DeadlineField.tsx'
import { useEntered } from './entered.tsx'

/** Giao việc: to whom, until when, and what is to be done. */
export function GiveTo({
  post,
  deadline,
  choices,
  me,
  optional = false,
}: {
  /** Name of the field of the person's post. */
  post: string
  /** Its field, what stands in it at first and why; without one none is asked for. */
  deadline?: { name: string; initial?: string; hint?: string }
  choices: Pick<ChoicesOf<'incoming.assign'>, 'colleagues' | 'calendar'>
  /** The post acted in. */
  me: string
  /** In a part of a form that may stay unused. */
  optional?: boolean
}) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  return (
    <>
      <ColleagueField
        name={post}
        label={t('field.specialist')}
        colleagues={choices.colleagues}
        except={me}
        required={!optional}
      />
      {deadline && (
        <DeadlineField {...deadline} label={t('field.deadline')} calendar={choices.calendar} required={!optional} />
      )}
      <TextAreaField
        name="instruction"
        label={t('field.instruction')}
        rows={3}
        maxLength={2000}
        defaultValue={value('instruction')}
        error={error('instruction')}
      />
    </>
  )
}

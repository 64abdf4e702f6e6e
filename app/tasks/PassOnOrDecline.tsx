import { useTranslation } from 'react-i18next'
import { useEntered } from './entered.tsx'
import { GiveTo } from './GiveTo.tsx'
import { OtherAction, ReasonField } from './OtherAction.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** What the heads of a unit that is asked may do in place of an answer: pass it on, or say that it is no concern of the unit. */
export function PassOnOrDecline({
  choices,
  me,
  passOn,
  notConcerned,
}: Pick<TaskFormProps<'incoming.coordinate'>, 'me'> & {
  choices: Pick<TaskFormProps<'incoming.coordinate'>['choices'], 'colleagues' | 'calendar'>
  /** What comes of each. */
  passOn: string
  notConcerned: string
}) {
  const { t } = useTranslation('tasks')
  const { outcome } = useEntered()
  return (
    <>
      <OtherAction
        outcome="assigned"
        label={t('action.passOn')}
        confirm={t('action.passOnConfirm')}
        consequence={passOn}
      >
        <GiveTo post="opinionPost" choices={choices} me={me} optional />
      </OtherAction>
      <OtherAction
        outcome="notConcerned"
        label={t('action.notConcerned')}
        confirm={t('action.notConcernedConfirm')}
        consequence={notConcerned}
      >
        <ReasonField outcome="notConcerned" key={outcome} />
      </OtherAction>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { TextAreaField } from '../components/Field.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { OpinionTable } from '../drafting/OpinionTable.tsx'
import { useEntered } from './entered.tsx'
import type { TaskFormProps } from './shown-task.ts'

/** Who asked sees what every unit said, and closes the request without the late ones, or puts the opinions together. */
export function ConcludeForm({ task, choices }: TaskFormProps<'opinion.close' | 'opinion.conclude'>) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const closes = choices.key === 'opinion.close'
  const [step, field, outcome] = closes
    ? (['close', 'note', 'closed'] as const)
    : (['conclude', 'synthesis', 'concluded'] as const)
  return (
    <>
      <OpinionTable lines={choices.lines} documentId={task.document?.id ?? null} />
      <TextAreaField
        name={field}
        label={t(`conclude.${step}.words`)}
        hint={t(`conclude.${step}.hint`)}
        rows={closes ? 3 : 8}
        required
        maxLength={closes ? 2000 : 10_000}
        defaultValue={value(field)}
        error={error(field)}
      />
      <SubmitBar
        primary={{ label: t(`conclude.${step}.action`), name: 'outcome', value: outcome }}
        consequence={t(`conclude.${step}.consequence`)}
      />
    </>
  )
}

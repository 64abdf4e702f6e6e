import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../components/Field.tsx'
import { useFormats } from '../viewer.ts'
import type { DeadlineWords } from './choices.server.ts'
import { useEntered } from './entered.tsx'

/** A deadline by words or as a day; the likely ones are a touch each and say the day that they come to. */
export function DeadlineField({
  name,
  label,
  initial = '',
  deadlines,
  hint,
  required = true,
}: {
  name: string
  label: string
  initial?: string
  deadlines: readonly DeadlineWords[]
  hint?: string
  /** False in a part of a form that may stay unused. */
  required?: boolean
}) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const { date, dateTime } = useFormats()
  const box = useRef<HTMLDivElement>(null)
  const [words, setWords] = useState(value(name, initial))
  const known = deadlines.find((each) => each.words === words.trim())
  const choose = (chosen: string) => {
    const field = box.current?.querySelector('input')
    if (field) field.value = chosen
    setWords(chosen)
  }
  return (
    <div className="deadline-field" ref={box}>
      <TextField
        name={name}
        label={label}
        hint={hint}
        required={required}
        maxLength={60}
        list={`${name}-words`}
        autoComplete="off"
        placeholder={t('hint.deadlineExample')}
        defaultValue={value(name, initial)}
        onChange={(event) => setWords(event.currentTarget.value)}
        error={error(name)}
      />
      <datalist id={`${name}-words`}>
        {deadlines.map((each) => (
          <option key={each.words} value={each.words}>
            {date(each.at)}
          </option>
        ))}
      </datalist>
      <div className="chips needs-script">
        {deadlines.map((each) => (
          <button
            key={each.words}
            type="button"
            className="chip"
            aria-pressed={words.trim() === each.words}
            title={dateTime(each.at)}
            onClick={() => choose(each.words)}
          >
            {each.words}
          </button>
        ))}
      </div>
      <p className="field-hint" aria-live="polite">
        {known ? t('hint.deadlineAt', { at: dateTime(known.at) }) : ''}
      </p>
    </div>
  )
}

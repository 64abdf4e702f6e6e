import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../components/Field.tsx'
import { parseDeadline } from '../forms/deadline.ts'
import { useFormats, useNow } from '../viewer.ts'
import type { CalendarAhead } from './choices.server.ts'
import { useEntered } from './entered.tsx'

/** A deadline by words or as a day, read as it is typed by the function that the server reads it with; the likely ones are a touch each. */
export function DeadlineField({
  name,
  label,
  initial = '',
  calendar: { off, worked, ...hours },
  hint,
  required = true,
}: {
  name: string
  label: string
  initial?: string
  calendar: CalendarAhead
  hint?: string
  /** False in a part of a form that may stay unused. */
  required?: boolean
}) {
  const { t } = useTranslation('tasks')
  const { value, error } = useEntered()
  const { date, dateTime, weekday } = useFormats()
  const now = useNow()
  const calendar = { ...hours, off: new Set(off), worked: new Set(worked) }
  const box = useRef<HTMLDivElement>(null)
  const [words, setWords] = useState(value(name, initial))
  const likely = (t('deadlines', { returnObjects: true }) as unknown as string[]).flatMap((each) => {
    const at = parseDeadline(each, now, calendar)
    return at === null ? [] : [{ words: each, at }]
  })
  const understood = words.trim() === '' ? null : parseDeadline(words, now, calendar)
  const choose = (chosen: string) => {
    const field = box.current?.querySelector('input')
    setWords(chosen)
    if (!field) return
    field.value = chosen
    field.dispatchEvent(new Event('input', { bubbles: true }))
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
        {likely.map((each) => (
          <option key={each.words} value={each.words}>
            {date(each.at)}
          </option>
        ))}
      </datalist>
      <p
        className="field-hint needs-script"
        aria-live="polite"
        data-unread={words.trim() !== '' && !understood ? '' : undefined}
      >
        {understood !== null
          ? t('hint.deadlineAt', { at: `${weekday(understood)} ${dateTime(understood)}` })
          : words.trim() !== '' && t('hint.deadlineUnread')}
      </p>
      <div className="chips needs-script">
        {likely.map((each) => (
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
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { usePick } from '../viewer.ts'
import type { ChoicesOf } from './choices.server.ts'
import { useEntered } from './entered.tsx'

/** One of the unit's people, by given name, with what lies on them already. */
export function ColleagueField({
  name,
  label,
  colleagues,
  except,
  required = true,
}: {
  name: string
  label: string
  colleagues: ChoicesOf<'incoming.assign'>['colleagues']
  /** The viewer's own post stands last: work is seldom given to oneself. */
  except: string
  /** False in a part of a form that may stay unused. */
  required?: boolean
}) {
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const { value, error } = useEntered()
  const chosen = value(name)
  const wrong = error(name)
  const listed = [...colleagues].sort((a, b) => Number(a.postId === except) - Number(b.postId === except))
  return (
    <fieldset className="people-field" aria-describedby={wrong ? `${name}-error` : undefined}>
      <legend>{label}</legend>
      <div className="people-list">
        {listed.map((each) => (
          <label key={each.postId}>
            <input
              type="radio"
              name={name}
              value={each.postId}
              defaultChecked={chosen === each.postId}
              required={required}
            />
            <span>
              {each.fullName}
              {each.postId === except && ` (${t('me')})`}
              <small className="muted">{pick(each.title, each.titleEn)}</small>
            </span>
            <small className="load">
              {t('load.open', { count: each.open })}
              {each.overdue > 0 && <strong> · {t('load.overdue', { count: each.overdue })}</strong>}
            </small>
          </label>
        ))}
      </div>
      {wrong && (
        <p className="field-error" id={`${name}-error`}>
          {wrong}
        </p>
      )}
    </fieldset>
  )
}

import { useTranslation } from 'react-i18next'
import type { Variables } from '#bpmn/case.ts'

/** Characters of a value that are shown at once. */
const SHOWN = 400

/** The variables of a case as they are; of a case whose document the reader may not see, only what there are. */
export function VariableList({ variables, names }: { variables: Variables | null; names: readonly string[] }) {
  const { t } = useTranslation('cases')
  if (names.length === 0) return <p className="muted">{t('variables.none')}</p>
  return (
    <>
      {variables === null && <p className="muted small-text">{t('variables.hidden')}</p>}
      <dl className="variables">
        {names.map((name) => {
          const text = variables === null ? null : JSON.stringify(variables[name] ?? null)
          return (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              {text !== null && <dd>{text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}</dd>}
            </div>
          )
        })}
      </dl>
    </>
  )
}

import { Button } from '@mantine/core'
import { Form, Link } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { AdministeredCase } from '#db/case-administration.ts'
import { TextField } from '../components/Field.tsx'
import { When } from '../components/marks.tsx'
import { useRefusal } from '../refusal.ts'
import { useSentence } from '../viewer.ts'
import { VariableFields } from './ChangeForms.tsx'
import { RemedyForm } from './RemedyForm.tsx'
import { TechnicalDetail } from './TechnicalDetail.tsx'

/** Why a case does not go on, and the ways to mend it. */
export function CaseIncidents({
  of,
  form,
}: {
  of: Pick<AdministeredCase, 'caseId' | 'incidentLines' | 'tokens' | 'variableNames'>
  form: string
}) {
  const { t } = useTranslation(['cases', 'administration'])
  const say = useSentence()
  const refusal = useRefusal()
  if (of.incidentLines.length === 0) return null
  return (
    <section className="panel" aria-labelledby="case-incidents">
      <h2 id="case-incidents">{t('administration:incidents.title')}</h2>
      <ul className="case-incidents">
        {of.incidentLines.map((incident) => {
          const names = { caseId: of.caseId, incidentId: incident.incidentId, form }
          const late = incident.incidentId.startsWith('late:')
          const token = of.tokens.find(
            ({ elementId, waits }) => waits === 'incident' && elementId === incident.elementId,
          )
          return (
            <li key={incident.incidentId}>
              <p>
                <strong>{t(`administration:incidents.code.${incident.code}`, { defaultValue: incident.code })}</strong>{' '}
                · {say(incident.element)} ·{' '}
                <span className="muted">
                  <When at={incident.raisedAt} />
                </span>
              </p>
              <TechnicalDetail>{incident.message}</TechnicalDetail>
              <div className="row wrap">
                <Form method="post" preventScrollReset>
                  <Hidden of={{ ...names, intent: 'retry' }} />
                  <Button type="submit" variant="default">
                    {t(`administration:incidents.remedy.${late ? 'acknowledge' : 'retry'}`)}
                  </Button>
                </Form>
                {!incident.parked && <RemedyForm remedy="skip" of={{ ...names, intent: 'skip' }} />}
                {!incident.parked && token?.movable && (
                  <Link to={`?token=${encodeURIComponent(token.tokenId)}#change`} preventScrollReset>
                    {t('cases:incident.move')}
                  </Link>
                )}
              </div>
              {!incident.parked && (
                <details>
                  <summary>{t('cases:incident.variables')}</summary>
                  <Form method="post" className="stack change-form" preventScrollReset>
                    <Hidden of={{ ...names, intent: 'retryWith' }} />
                    <VariableFields names={of.variableNames} wrong={(name) => refusal?.fields[name]} />
                    <TextField
                      name="reason"
                      label={t('cases:change.reason')}
                      required
                      minLength={5}
                      maxLength={500}
                      autoComplete="off"
                    />
                    <div>
                      <Button type="submit" variant="default">
                        {t('cases:incident.retryWith')}
                      </Button>
                    </div>
                  </Form>
                </details>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Hidden({ of }: { of: Record<string, string> }) {
  return Object.entries(of).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)
}

import { Button } from '@mantine/core'
import { Form, Link } from '@remix-run/react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import type { DecisionDrawing, DecisionPresence } from '#db/decision-drafts.ts'
import type { DecisionVersion } from '#db/decision-publications.ts'
import type { DecisionUse } from '#db/decision-use.ts'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import type { PlainCalendar } from '../designer/trial.ts'
import { usePresence } from '../designer/use-presence.ts'
import { useRefusal } from '../refusal.ts'
import { useFormats, usePick } from '../viewer.ts'
import { DecisionHistory } from './DecisionHistory.tsx'
import { DecisionNotes } from './DecisionNotes.tsx'
import { columnLabels } from './drawn-tables.ts'
import { TryPanel } from './TryPanel.tsx'
import { useDecisionEditor } from './use-decision-editor.ts'

/** Drawing a decision table, trying it, and publishing it. */
export function DecisionPage({
  drawing,
  versions,
  uses,
  calendar,
  now,
}: {
  drawing: DecisionDrawing
  versions: readonly DecisionVersion[]
  /** Steps that ask for its decisions. */
  uses: readonly DecisionUse[]
  calendar: PlainCalendar
  now: number
}) {
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  const pick = usePick()
  const refusal = useRefusal()
  const host = useRef<HTMLDivElement>(null)
  const { is, views, show, xml, saving, revision } = useDecisionEditor(host, drawing)
  const address = `/flows/decisions/${encodeURIComponent(drawing.modelId)}`
  const presence = usePresence<DecisionPresence>(`${address}/presence`)
  const read = useMemo(() => readModel(xml), [xml])
  const labels = useMemo(() => (read.model ? columnLabels(xml) : new Map<string, string>()), [xml, read.model])
  const problems = read.model ? problemsOf(read.model) : []
  const ready = revision > 0 && saving.is === 'saved' && read.model !== null && problems.length === 0
  const download = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }))
    link.download = `${drawing.modelId}.dmn`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href))
  }
  return (
    <div className="decision-page" data-open={is === 'open' ? '' : undefined}>
      <PageHeader
        above={<Link to="/flows/decisions">{t('title')}</Link>}
        title={drawing.name}
        subtitle={
          <span className="decision-saved" data-state={saving.is} role="status">
            {t(`saving.${saving.is}`)}
            {drawing.version !== null && <> · {t('inUse', { version: number(drawing.version) })}</>}
          </span>
        }
        actions={
          <>
            <button type="button" className="text-button" onClick={download}>
              {t('download')}
            </button>
            {ready ? (
              <Link to={`${address}/publish`} className="button">
                {t('publishMore')}
              </Link>
            ) : (
              <Button disabled>{t('publishMore')}</Button>
            )}
          </>
        }
      />
      <FormRefusal refusal={refusal} />
      <DecisionNotes drawing={drawing} saving={saving} revision={revision} presence={presence} onDownload={download} />
      <div className="decision-columns">
        <section aria-label={t('table')}>
          <nav className="decision-views" aria-label={t('views')}>
            {views.all.map((view) => (
              <button
                key={view.id}
                type="button"
                className="designer-small"
                aria-pressed={view.id === views.active}
                onClick={() => show(view.id)}
              >
                {view.type === 'drd' ? t('drd') : view.name}
              </button>
            ))}
          </nav>
          {is === 'failed' && <p role="alert">{t('failed')}</p>}
          <div ref={host} className="decision-host" />
        </section>
        <div className="stack">
          <section className="panel" aria-labelledby="findings">
            <h2 id="findings">{t('findings')}</h2>
            {read.model === null ? (
              <p className="field-error">{read.why}</p>
            ) : problems.length === 0 ? (
              <p>{t('sound')}</p>
            ) : (
              <ul>
                {problems.map(({ name, what }) => (
                  <li key={name}>{t('leftOut', { name, what })}</li>
                ))}
              </ul>
            )}
          </section>
          <section className="panel" aria-labelledby="try">
            <h2 id="try">{t('try.title')}</h2>
            <p className="muted small-text">{t('try.hint')}</p>
            {read.model && <TryPanel model={read.model} labels={labels} calendar={calendar} now={now} />}
          </section>
          <section className="panel" aria-labelledby="history">
            <h2 id="history">{t('history.title')}</h2>
            <DecisionHistory address={address} versions={versions} />
          </section>
          <section className="panel" aria-labelledby="use">
            <h2 id="use">{t('use.title')}</h2>
            {uses.length === 0 ? (
              <p className="small-text">{t('use.none')}</p>
            ) : (
              <ul className="decision-versions">
                {uses.map(({ flowId, flowName, flowNameEn, elementId, elementName }) => (
                  <li key={`${flowId} ${elementId}`}>
                    <Link to={`/flows/${encodeURIComponent(flowId)}`}>{pick(flowName, flowNameEn)}</Link>
                    <span className="muted">{t('use.step', { name: elementName })}</span>
                  </li>
                ))}
              </ul>
            )}
            <p className="small-text">
              {t('use.hint', { ids: read.model?.decisions.map(({ id }) => id).join(', ') ?? '' })}
            </p>
            {revision > 0 && (
              <Form method="post">
                <ConfirmButton
                  label={t('discard')}
                  question={t('discardQuestion')}
                  confirm={t('discardConfirm')}
                  name="intent"
                  value="discard"
                />
              </Form>
            )}
          </section>
        </div>
      </div>
    </div>
  )
}

function readModel(xml: string): { model: DecisionModel; why: null } | { model: null; why: string } {
  try {
    return { model: parseDmn(xml), why: null }
  } catch (error) {
    return { model: null, why: error instanceof Error ? error.message : String(error) }
  }
}

/** Decisions that cannot be evaluated: they bar publishing. */
const problemsOf = (model: DecisionModel) =>
  model.decisions.flatMap(({ name, logic }) => (logic.kind === 'leftOut' ? [{ name, what: logic.what }] : []))

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowTrial } from '#db/flow-trials.ts'
import type { Sentence } from '#db/refusal.ts'
import { Mark } from '../components/marks.tsx'
import { useSentence } from '../viewer.ts'
import { changeTrials, DraftRefused, fetchTrials } from './draft-server.ts'
import { compareTrial, outcomeOf, type KeptTrial, type Trial, type TrialDifference, type TrialState } from './trial.ts'

type Kept = FlowTrial<KeptTrial>

/** The trials that were kept as tests of the flow: run now, played step by step, kept and dropped. */
export function KeptTrials({
  draftId,
  trial,
  state,
  ask,
  onPlay,
}: {
  draftId: string
  trial: Trial | null
  state: TrialState | null
  ask: (trials: Trial[]) => Promise<TrialState[]>
  onPlay: (trial: Trial) => void
}) {
  const { t } = useTranslation('designer')
  const say = useSentence()
  const [kept, setKept] = useState<Kept[]>([])
  const [results, setResults] = useState<Record<string, TrialDifference[]> | null>(null)
  const [refused, setRefused] = useState<Sentence | null>(null)
  const [name, setName] = useState('')

  const take = async (asked: Promise<Kept[]>) => {
    try {
      setKept(await asked)
      setRefused(null)
      setResults(null)
    } catch (error) {
      if (!(error instanceof DraftRefused)) throw error
      setRefused(error.sentence)
    }
  }
  useEffect(() => void take(fetchTrials(draftId)), [draftId])

  const run = async () => {
    const states = await ask(kept.map(({ trial: { trial: one } }) => one))
    setResults(
      Object.fromEntries(
        kept.flatMap(({ name: of, trial: one }, index) => {
          const played = states[index]
          return played ? [[of, compareTrial(one, played)]] : []
        }),
      ),
    )
  }
  const passed = results && Object.values(results).filter((differences) => differences.length === 0).length
  return (
    <section aria-labelledby="kept-trials" className="kept-trials">
      <h3 id="kept-trials">{t('trial.kept')}</h3>
      {refused && <p role="alert">{say(refused)}</p>}
      {kept.length === 0 && <p className="muted">{t('trial.keptNone')}</p>}
      <ul>
        {kept.map((one) => (
          <li key={one.id}>
            <button type="button" className="link-button" onClick={() => onPlay(one.trial.trial)}>
              {one.name}
            </button>
            {results?.[one.name] && <Result differences={results[one.name] ?? []} />}
            <button
              type="button"
              className="link-button"
              onClick={() => void take(changeTrials(draftId, { intent: 'drop', name: one.name }))}
            >
              {t('trial.drop')} <span className="only-read">{one.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {kept.length > 0 && (
        <button type="button" className="designer-small" onClick={() => void run()}>
          {t('trial.runAll')}
        </button>
      )}
      {results && <p role="status">{t('trial.results', { passed: passed ?? 0, all: Object.keys(results).length })}</p>}
      {trial && state && !state.failed && (
        <form
          className="trial-keep"
          onSubmit={(event) => {
            event.preventDefault()
            const keep = { trial, expected: outcomeOf(state) }
            void take(changeTrials(draftId, { intent: 'keep', name: name.trim(), kept: keep }))
            setName('')
          }}
        >
          <label>
            {t('trial.keepName')}
            <input value={name} onChange={(event) => setName(event.target.value)} maxLength={200} required />
          </label>
          <button className="designer-small">{t('trial.keep')}</button>
        </form>
      )}
    </section>
  )
}

function Result({ differences }: { differences: TrialDifference[] }) {
  const { t } = useTranslation('designer')
  if (differences.length === 0)
    return (
      <Mark tone="good" icon="done">
        {t('trial.passed')}
      </Mark>
    )
  return (
    <div className="trial-differences">
      <Mark tone="bad" icon="warning">
        {t('trial.differs')}
      </Mark>
      <ul>
        {differences.map(({ part, expected, got }) => (
          <li key={part}>{t(`trial.difference.${part}`, { expected: expected || '–', got: got || '–' })}</li>
        ))}
      </ul>
    </div>
  )
}

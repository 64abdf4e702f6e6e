import { useFetcher } from '@remix-run/react'
import { useEffect, useMemo, useState, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { frameAfter } from '#bpmn/replay.ts'
import { FlowDiagram } from '../components/FlowDiagram.tsx'
import type { loader } from '../routes/_app.cases.$caseId_.replay.ts'
import { ReplayBar } from './ReplayBar.tsx'

/** How long a step stays while it plays, ms. */
const STEP_MS = 1200

/** Where a case stands in its flow, and its way there step by step, when somebody asks for it. */
export function CaseDiagram({ caseId, ...diagram }: { caseId: string } & ComponentProps<typeof FlowDiagram>) {
  const { t } = useTranslation('common')
  const fetcher = useFetcher<typeof loader>({ key: `replay:${caseId}` })
  /** How many steps are shown; null while nothing is replayed. */
  const [shown, setShown] = useState<number | null>(null)
  const [plays, setPlays] = useState(false)
  const steps = fetcher.data?.steps
  const last = steps?.length ?? 0
  const frame = useMemo(() => (steps && shown !== null ? frameAfter(steps, shown) : null), [steps, shown])
  const goesOn = plays && shown !== null && shown < last

  useEffect(() => {
    if (!goesOn) return
    const timer = setTimeout(() => setShown((now) => Math.min(last, (now ?? 0) + 1)), STEP_MS)
    return () => clearTimeout(timer)
  }, [goesOn, shown, last])

  const open = () => {
    fetcher.load(`/cases/${caseId}/replay`)
    setShown(1)
    setPlays(true)
  }
  return (
    <div className="case-diagram">
      <FlowDiagram
        {...diagram}
        {...(frame && { active: frame.standing, done: frame.passed, taken: frame.taken, incidents: [] })}
        tools={
          <button
            type="button"
            className="text-button"
            aria-expanded={shown !== null}
            onClick={() => (shown === null ? open() : setShown(null))}
          >
            {t(shown === null ? 'replay.open' : 'replay.close')}
          </button>
        }
      />
      {shown !== null && steps && (
        <ReplayBar
          steps={steps}
          whole={fetcher.data?.whole ?? true}
          shown={shown}
          plays={goesOn}
          onShow={(count) => {
            setPlays(false)
            setShown(Math.max(1, Math.min(last, count)))
          }}
          onPlay={(play) => {
            if (play && shown >= last) setShown(1)
            setPlays(play)
          }}
        />
      )}
    </div>
  )
}

import { useEffect, useRef, useState } from 'react'
import { FlowWorker, TookTooLong } from './flow-worker.ts'
import type { DesignerModeler } from './modeler-services.ts'
import type { PlainCalendar, Trial, TrialState } from './trial.ts'

/** A worker for trying flows out, ended with the page. */
function useTrialWorker(modeler: DesignerModeler | null, calendar: PlainCalendar) {
  const worker = useRef<FlowWorker | null>(null)
  useEffect(() => () => worker.current?.end(), [])
  /** Throws TookTooLong. */
  return async (trials: Trial[]): Promise<TrialState[]> => {
    if (!modeler) return []
    const { xml = '' } = await modeler.saveXML()
    worker.current ??= new FlowWorker()
    const { states } = await worker.current.ask({ do: 'try', xml, trials, calendar })
    return states
  }
}

export type Played =
  { is: 'nothing' } | { is: 'playing' } | { is: 'failed'; why: string } | { is: 'played'; state: TrialState }

/** One trial, played anew at each step. */
export function useTrial(modeler: DesignerModeler | null, calendar: PlainCalendar) {
  const ask = useTrialWorker(modeler, calendar)
  const [trial, setTrial] = useState<Trial | null>(null)
  const [played, setPlayed] = useState<Played>({ is: 'nothing' })
  const play = async (next: Trial) => {
    setTrial(next)
    setPlayed((before) => (before.is === 'played' ? before : { is: 'playing' }))
    try {
      const [state] = await ask([next])
      if (state) setPlayed({ is: 'played', state })
    } catch (error) {
      if (!(error instanceof Error)) throw error
      setPlayed({ is: 'failed', why: error instanceof TookTooLong ? 'too-long' : error.message })
    }
  }
  const stop = () => {
    setTrial(null)
    setPlayed({ is: 'nothing' })
  }
  return { trial, played, play, stop, ask }
}

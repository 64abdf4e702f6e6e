import type { Finding } from '#bpmn/finding.ts'
import type { FlowDifference } from '#bpmn/compare.ts'
import type { PlainCalendar, Trial, TrialState } from './trial.ts'

export type WorkerRequest =
  | { do: 'check'; xml: string; serviceTypes: readonly string[] }
  | { do: 'try'; xml: string; trials: Trial[]; calendar: PlainCalendar }
  | { do: 'compare'; before: string; after: string }
export type WorkerAnswer =
  | { did: 'check'; findings: Finding[] }
  /** One for each trial. */
  | { did: 'try'; states: TrialState[] }
  | { did: 'compare'; differences: FlowDifference[] }
type AnswerTo<R extends WorkerRequest> = Extract<WorkerAnswer, { did: R['do'] }>

/** The worker did not answer in time and was ended: a flow or an expression that goes on for ever. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/** ms */
const PATIENCE = 5_000

/** A worker that is asked one thing after another; one that does not answer is ended and begun anew. */
export class FlowWorker {
  #worker: Worker | null = null
  #last = 0
  #waiting = new Map<number, (answer: { value?: WorkerAnswer; failed?: string }) => void>()

  /** Throws TookTooLong, or an Error with the reason why it failed. */
  ask<R extends WorkerRequest>(request: R, patience = PATIENCE): Promise<AnswerTo<R>> {
    const worker = (this.#worker ??= this.#begin())
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.end()
        reject(new TookTooLong())
      }, patience)
      this.#waiting.set(id, ({ value, failed }) => {
        clearTimeout(late)
        if (value) resolve(value as AnswerTo<R>)
        else reject(new Error(failed))
      })
      worker.postMessage({ id, request })
    })
  }

  end(): void {
    this.#worker?.terminate()
    this.#worker = null
    for (const answer of this.#waiting.values()) answer({ failed: 'ended' })
    this.#waiting.clear()
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./flow.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<{ id: number; value?: WorkerAnswer; failed?: string }>) => {
      this.#waiting.get(data.id)?.(data)
      this.#waiting.delete(data.id)
    }
    worker.onerror = (event) => {
      for (const answer of this.#waiting.values()) answer({ failed: event.message })
      this.#waiting.clear()
    }
    return worker
  }
}

/** Reads, checks and plays flows beside the page, so that drawing stays smooth and nothing can hold it up. */
import { checkBpmn } from '#bpmn/check-file.ts'
import { compareFlows } from '#bpmn/compare.ts'
import { parseFlow } from '#bpmn/parse.ts'
import { calendarOf, playTrial } from './trial.ts'
import type { WorkerAnswer, WorkerRequest } from './flow-worker.ts'

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  switch (request.do) {
    case 'check': {
      const { findings } = await checkBpmn(request.xml, { serviceTypes: new Set(request.serviceTypes) })
      return { did: 'check', findings }
    }
    case 'try': {
      const flow = await parseFlow(request.xml)
      const calendar = calendarOf(request.calendar)
      return { did: 'try', states: request.trials.map((trial) => playTrial(flow, trial, calendar)) }
    }
    case 'compare': {
      const [before, after] = await Promise.all([parseFlow(request.before), parseFlow(request.after)])
      return { did: 'compare', differences: compareFlows(before, after) }
    }
  }
}

self.onmessage = ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  answer(request).then(
    (value) => self.postMessage({ id, value }),
    (error: unknown) => self.postMessage({ id, failed: error instanceof Error ? error.message : String(error) }),
  )
}

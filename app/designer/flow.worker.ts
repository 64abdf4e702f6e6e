/** Reads, checks and plays flows beside the page, so that drawing stays smooth and nothing can hold it up. */
import { checkBpmn } from '#bpmn/check-file.ts'
import type { WorkerAnswer, WorkerRequest } from './flow-worker.ts'

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  switch (request.do) {
    case 'check': {
      const { findings } = await checkBpmn(request.xml, { serviceTypes: new Set(request.serviceTypes) })
      return { did: 'check', findings }
    }
  }
}

self.onmessage = ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  answer(request).then(
    (value) => self.postMessage({ id, value }),
    (error: unknown) => self.postMessage({ id, failed: error instanceof Error ? error.message : String(error) }),
  )
}

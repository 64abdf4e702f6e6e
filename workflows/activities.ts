import { heartbeat } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { Variables } from '#bpmn/case.ts'
import {
  answerCall,
  claimCall,
  failCall,
  fireTimer,
  noteCallError,
  overdueWork,
  pendingWork,
  type ClaimedCall,
  type HandOver,
  type PendingWork,
} from '#db/case-work.ts'
import { parkStep } from '#db/parking.ts'
import { ExchangeUnavailable } from '#exchange/gateway-errors.ts'
import { MailError } from '#mail/mail-error.ts'
import { performExchangeCall } from './exchange-call.ts'
import { performMailCall } from './mail-call.ts'
import { CallRefused, type Outside } from './outside.ts'
import { isUnavailable } from '#db/unavailable.ts'
import { withPatience } from './step-patience.ts'

const HEARTBEAT_MS = 3_000
/** Cases the sweep hands over each minute. */
const SWEEP_LIMIT = 2_000
/** Tries of a call that fails although nothing is down. */
const FAULTY_TRIES = 3

/** What workflow code may ask for. It sees this type only. */
export interface CaseActivities {
  pendingWork(caseId: string): Promise<PendingWork | null>
  performCall(callId: string): Promise<void>
  fireTimer(timer: { caseId: string; timerId: string; occurrence: number }): Promise<void>
  sweep(): Promise<void>
}

/** The outside, and how to tell the workflows of cases that there is something to do. */
export type ActivityDependencies = Outside & { handOver: (work: HandOver) => Promise<void> }

export function createActivities(outside: ActivityDependencies): CaseActivities {
  const { db } = outside
  return {
    pendingWork: (caseId) => pendingWork(db, caseId),

    async performCall(callId) {
      const beating = setInterval(() => heartbeat(), HEARTBEAT_MS)
      try {
        await makeCall(outside, callId)
      } finally {
        clearInterval(beating)
      }
    },

    async fireTimer(timer) {
      await withPatience(
        () => fireTimer(db, timer),
        (error) =>
          parkStep(db, timer.caseId, {
            of: timer,
            elementId: timer.timerId,
            message: `timer ${timer.timerId}: ${error.message}`,
          }),
      )
    },

    async sweep() {
      await outside.handOver(await overdueWork(db, SWEEP_LIMIT))
    },
  }
}

/**
 * Claims a call, makes it, records the answer. Throws a retryable failure where the outside cannot be reached; a refusal for
 * good goes to the case.
 */
export async function makeCall(outside: Outside, callId: string): Promise<void> {
  const { db } = outside
  const call = await claimCall(db, callId)
  if (!call) return
  const answer = await perform(outside, call)
  await withPatience(
    () => ('refused' in answer ? failCall(db, callId, answer.refused) : answerCall(db, callId, answer.variables)),
    (error) =>
      parkStep(db, call.caseId, { of: { callId }, elementId: call.serviceType, message: `answer: ${error.message}` }),
  )
}

type Answer = { variables: Variables } | { refused: { code: string; message: string } }

async function perform(outside: Outside, call: ClaimedCall): Promise<Answer> {
  try {
    switch (call.channel) {
      case 'mail':
        return { variables: await performMailCall(outside, call) }
      case 'exchange':
        return { variables: await performExchangeCall(outside, call) }
      case 'internal': {
        const service = outside.services?.get(call.serviceType)
        if (!service) throw new CallRefused('service-unknown', `no service ${call.serviceType}`)
        return { variables: await service(call) }
      }
    }
  } catch (error) {
    if (error instanceof CallRefused) return { refused: { code: error.code, message: error.message } }
    const message = error instanceof Error ? error.message : String(error)
    const outage = error instanceof MailError || error instanceof ExchangeUnavailable || isUnavailable(error)
    // Nothing is down: the fault is ours, and a person has to learn of it.
    if (!outage && call.attempts >= FAULTY_TRIES) return { refused: { code: 'call-failed', message } }
    await noteCallError(outside.db, call.id, message)
    throw ApplicationFailure.create({
      message,
      type: 'OutsideUnavailable',
      cause: error instanceof Error ? error : undefined,
    })
  }
}

import { readFileSync } from 'node:fs'
import type { CaseEvent, Variables } from '../case.ts'
import { officeHours, throughDatabase } from '../drawn.ts'
import type { Flow } from '../flow.ts'
import { parseBpmn } from '../parse.ts'
import { Rehearsal, type ServiceCall } from '../rehearsal.ts'

export async function shippedFlow(name: string): Promise<Flow> {
  const parsed = await parseBpmn(readFileSync(new URL(`./${name}.bpmn`, import.meta.url), 'utf8'))
  const flow = parsed.ok ? parsed.flows.find((one) => one.id === name) : undefined
  if (!flow) throw new Error(`${name}.bpmn: ${JSON.stringify(parsed.ok ? 'no such process' : parsed.findings)}`)
  return flow
}

/** A rehearsal of a shipped flow, started: its state goes through the database between steps, and nothing may come late. */
export class PlayedCase extends Rehearsal {
  constructor(
    flow: Flow,
    start: Variables,
    /** Epoch ms. */
    now: number,
    /** The code with which a call fails; null where it is answered. */
    refuse: (call: ServiceCall) => string | null = () => null,
  ) {
    const answer = (call: ServiceCall) => {
      const code = refuse(call)
      return code === null ? { variables: {} } : { code, message: code }
    }
    super(flow, officeHours(now), answer, throughDatabase)
    this.start(start)
  }

  override step(event: CaseEvent): null {
    const late = super.step(event)
    if (late !== null) throw new Error(`late: ${late}`)
    return null
  }

  /** Takes back what an activity was handed on with, as the database does: aimed at the one catcher on that activity. */
  takeBack(attachedTo: string): void {
    const catcher = [...this.catchers.values()].find((one) => one.attachedTo === attachedTo)
    if (!catcher) throw new Error(`nothing on ${attachedTo} waits for a message`)
    this.step({
      type: 'messageReceived',
      name: catcher.messageName,
      subscriptionId: catcher.subscriptionId,
      ...(catcher.correlationKey === null ? {} : { correlationKey: catcher.correlationKey }),
    })
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { officeHours, throughDatabase } from './drawn.ts'
import { FLOW_FORMAT } from './flow.ts'
import { readFlow, readState, UnknownFormat } from './formats.ts'
import { Rehearsal } from './rehearsal.ts'
import { STATE_FORMAT } from './state.ts'

async function sample(name: string): Promise<{ format: number }> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'samples', name), 'utf8')) as { format: number }
}

describe('what was stored is read for ever', () => {
  it.each([1, 2])('a flow and a running case of format %i', async (format) => {
    const flow = readFlow(await sample(`flow-${format}.json`))
    const state = readState(await sample(`state-${format}.json`))
    expect(flow.format).toBe(FLOW_FORMAT)
    expect(state.format).toBe(STATE_FORMAT)
    const played = new Rehearsal(flow, officeHours(), () => ({ variables: {} }), throughDatabase)
    played.state = state
    for (const { id: taskId } of state.tasks) expect(played.step({ type: 'taskCompleted', taskId })).toBeNull()
    expect(played.step({ type: 'messageReceived', name: 'reply' })).toBeNull()
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('of a later release is refused in words', () => {
    expect(() => readFlow({ format: 99 })).toThrow(UnknownFormat)
    expect(() => readState({ format: 99 })).toThrow(UnknownFormat)
  })
})

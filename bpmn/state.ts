import type { CaseStatus, Json, TimerPurpose, Variables } from './case.ts'
import type { Flow } from './flow.ts'
import { find } from './rows.ts'

export const STATE_FORMAT = 2

/** Open tokens of one case; a step that would go beyond is refused as an incident. */
export const MAX_OPEN_TOKENS = 1000

/**
 * Where a case stands. Plain JSON, read and written at every step, therefore flat: rows by id (`rows.ts`), absent instead of
 * null, and no data that the flow or a row of the database holds already.
 *
 * Scopes are a tree: the process at the root, below it sub-processes and multi-instance bodies. Each scope but the root hangs
 * on the token that waits for it (`scope.token`), and each token sits in one scope (`token.scope`).
 */
export interface CaseState {
  format: typeof STATE_FORMAT
  flowId: string
  status: CaseStatus
  /** Variables of the process. */
  variables: Variables
  /** `id`: the last id given out; `open`: tokens that do not merely wait for a scope of theirs. */
  counters: { id: number; open: number }
  scopes: Scope[]
  tokens: Token[]
  tasks: TaskEntry[]
  calls: CallEntry[]
  timers: TimerEntry[]
  subscriptions: SubscriptionEntry[]
  incidents: IncidentEntry[]
  /** Conditional events that wait. */
  conditions?: ConditionEntry[]
  /** Flows that open call activities run. */
  called?: CalledEntry[]
}

export const ROOT_SCOPE = 's0'

export interface Scope {
  id: string
  kind: 'process' | 'subProcess' | 'multiInstance' | 'loop' | 'compensation'
  /** The process, sub-process or multi-instance activity. */
  elementId: string
  /** The token that waits for this scope; absent for the root. */
  token?: string
  /** Tokens in it, and those of them that wait at a join. */
  live: number
  joining: number
  /** Tokens waiting at joins, in the order of their arrival. */
  joins?: Record<string, string[]>
  loop?: LoopProgress
  /** Tokens that only listen for the start of an event sub-process; they are not `live`. */
  listeners?: string[]
  /** Activities done that can be compensated, in the order of their completion. */
  done?: Done[]
  /** Handlers still to run, of a compensation; `detached`: nothing waits for its end. */
  undo?: Undo[]
  detached?: true
  /** Ad-hoc: activities still to start, one after the other. */
  waiting?: string[]
  /** Complex gateways that have fired: the incoming flows that were taken, until the rest has come. */
  fired?: Record<string, string[]>
}

/** An activity that was completed, with what was completed inside it and the local variables it had. */
export interface Done {
  elementId: string
  inner?: Done[]
  vars?: Variables
}

/** A handler to run: an activity for compensation, or an event sub-process that compensates. */
export interface Undo {
  handler: string
  inner?: Done[]
  vars?: Variables
}

export interface LoopProgress {
  total: number
  started: number
  completed: number
  /** Items still to start, sequential only. */
  waiting?: Json[]
  outputs?: Json[]
}

export interface Token {
  id: string
  scope: string
  /** The element it is at. */
  at: string
  /** The sequence flow it came by. */
  via?: string
  /** Position of the item, when it runs one instance of a multi-instance activity. */
  instance?: number
  /** Which time it runs, in a standard loop. */
  iteration?: number
  /** Local variables of the activity: inputs and the item. */
  vars?: Variables
  /** What the last task before here was ended with; answers `outcome` for this token alone. */
  outcome?: string
  task?: string
  call?: string
  /** The scope it waits for. */
  child?: string
  incident?: string
  joining?: true
  timers?: string[]
  subscriptions?: string[]
  conditions?: string[]
  /** Waits at the start event of an event sub-process; no part of the flow's own movement. */
  listening?: true
  /** Parts of parallel multiple events that have come, as `element part`. */
  got?: string[]
  /** What a called flow writes stays here; `sealed`: it reads nothing from further out either. */
  isolated?: true
  sealed?: true
  /** What was completed inside it, until it leaves. */
  done?: Done[]
}

export interface TaskEntry {
  id: string
  token: string
}
export interface CallEntry {
  id: string
  token: string
}
export interface TimerEntry {
  id: string
  token: string
  elementId: string
  /** Which part of a multiple event. */
  part?: number
  purpose: TimerPurpose
  occurrence: number
  dueAt: number
  /** Occurrences left after this one (-1 without end) and the time between them as an ISO duration. */
  cycle?: { left: number; every: string; workingTime?: true }
}
export interface SubscriptionEntry {
  id: string
  token: string
  elementId: string
  name: string
  key: string | null
  part?: number
  signal?: true
}
export interface ConditionEntry {
  id: string
  token: string
  elementId: string
  part?: number
  /** The activity waits for an input set. */
  data?: true
  /** It held when last looked at; it has to fail before it can trigger again. */
  held?: true
}
/** Elements of the called flow are those with the prefix before their id. */
export interface CalledEntry {
  prefix: string
  at: string
  ref: string
}
/** What a retry does over again: all of entering, only the activity's own start, its completion, or the way out of it. */
export type IncidentPhase = 'enter' | 'start' | 'complete' | 'leave'
export interface IncidentEntry {
  id: string
  token: string
  elementId: string
  code: string
  phase: IncidentPhase
}

/** A case that has not started: give it to `advance` with the event `start`. */
export function newCase(flow: Flow): CaseState {
  return {
    format: STATE_FORMAT,
    flowId: flow.id,
    status: 'running',
    variables: {},
    counters: { id: 0, open: 0 },
    scopes: [],
    tokens: [],
    tasks: [],
    calls: [],
    timers: [],
    subscriptions: [],
    incidents: [],
  }
}

/** The token that waits for the scope in which this one is; undefined in the process itself. */
export function holderOf(state: CaseState, token: Token): Token | undefined {
  return find(state.tokens, find(state.scopes, token.scope)?.token)
}

/** Value of a variable as a token sees it; undefined where no scope has it. */
export function lookUp(state: CaseState, token: Token, name: string): Json | undefined {
  let at: Token | undefined = token
  while (at) {
    if (at.vars && Object.hasOwn(at.vars, name)) return at.vars[name]
    if (name === 'outcome' && at.outcome !== undefined) return at.outcome
    if (at.sealed) return undefined
    at = holderOf(state, at)
  }
  return Object.hasOwn(state.variables, name) ? state.variables[name] : undefined
}

/** All variables that the task or call sees: the process's, overlaid by each scope inwards. */
export function visibleVariables(state: CaseState, taskOrCallId: string): Variables {
  const entry = find(state.tasks, taskOrCallId) ?? find(state.calls, taskOrCallId)
  const layers: Variables[] = []
  let token = find(state.tokens, entry?.token)
  while (token) {
    layers.unshift({ ...(token.outcome === undefined ? {} : { outcome: token.outcome }), ...token.vars })
    if (token.sealed) return Object.assign({}, ...layers) as Variables
    token = holderOf(state, token)
  }
  return Object.assign({}, state.variables, ...layers) as Variables
}

/** The activities around a token, outermost first, its own element left out. */
export function scopePath(state: CaseState, token: Token): string[] {
  const path: string[] = []
  let scope = find(state.scopes, token.scope)
  while (scope?.token !== undefined) {
    const ownLoop = (scope.kind === 'multiInstance' || scope.kind === 'loop') && scope.elementId === token.at
    if (!ownLoop && scope.kind !== 'compensation') {
      // of a called flow: the call activity
      const around = find(state.tokens, scope.token)?.at ?? scope.elementId
      if (path[0] !== around) path.unshift(around)
    }
    const holder: Token | undefined = find(state.tokens, scope.token)
    scope = find(state.scopes, holder?.scope)
  }
  return path
}

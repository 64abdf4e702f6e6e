import { roles, type Role } from '#db/roles.ts'

const everyone: readonly Role[] = roles
const leaders: readonly Role[] = ['minister', 'deputy-minister']
const office: readonly Role[] = ['chief-of-office', 'deputy-chief-of-office']
/** The Chief of Office heads a unit like any other. */
const heads: readonly Role[] = ['head', 'deputy-head', ...office]
const officers: readonly Role[] = ['specialist', ...heads]

/**
 * The one permission table: which roles may do what. Buttons and the server read it both (`may`). It says what a role's
 * work is; which documents and tasks it may be done to, the visibility predicate and the task's own assignment say.
 */
export const permissions = {
  'self:use': everyone,
  'home:read': everyone,
  'search:use': everyone,
  'mailbox:read': everyone,

  'task:read': everyone,
  'task:take': everyone,
  'task:complete': everyone,
  'task:take-back': everyone,
  'given:read': everyone,

  'document:read': everyone,
  'document:download': everyone,
  'document:register': ['ministry-clerk'],
  'document:submit': office,
  'document:direct': leaders,
  'document:assign': [...leaders, ...heads],
  'document:give-opinion': [...leaders, ...officers],
  'document:draft': officers,
  'document:approve': heads,
  'document:check': officers,
  'document:sign-off': leaders,
  /** Their own signature, or the organisation's: lists of documents to be signed with one PIN. */
  'signing:use': [...leaders, ...heads, 'ministry-clerk'],
  /** The organisation's signature on a copy: an e-copy of paper, an incoming document. */
  'document:certify': ['ministry-clerk'],
  'document:number': ['ministry-clerk'],
  'document:dispatch': ['ministry-clerk'],
  'paper:receive': ['ministry-clerk'],
  'drafting:begin': officers,
  'notice:create': [...officers, 'unit-clerk', 'ministry-clerk'],
  'notice:receive': [...leaders, ...heads],

  'register-book:read': [...leaders, ...heads, 'ministry-clerk', 'unit-clerk', 'office-monitor'],
  'register-book:print': [...office, 'ministry-clerk', 'office-monitor'],
  'monitor:read': [...leaders, ...office, 'office-monitor'],
  'report:read': [...leaders, ...heads, 'office-monitor'],

  'flow:read': everyone,
  'flow:draw': ['administrator'],
  'flow:publish': ['administrator'],
  'administration:read': ['administrator'],
  'incident:mend': ['administrator'],
  'case:administer': ['administrator'],
  'trust:keep': ['administrator'],
  'certificate:keep': ['administrator'],
  'delegation:keep': ['administrator'],
  'clock:move': ['administrator'],
  'health:read': ['administrator'],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof permissions

/** May somebody who acts in this post do this? */
export function may(viewer: { role: string }, action: Action): boolean {
  return (permissions[action] as readonly string[]).includes(viewer.role)
}

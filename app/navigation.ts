import type { IconName } from './components/Icon.tsx'
import type { Counts } from './counts.server.ts'
import type { Action } from './permissions.ts'

export interface NavigationItem {
  /** Key of its label, `frame:navigation.<name>`. */
  name: string
  to: string
  icon: IconName
  permission: Action
  count?: keyof Counts
  /** Stands in the phone's bottom bar. */
  onPhone?: true
}

/** The frame's way to everything; each is shown to whom the permission table allows it. */
export const navigation: readonly NavigationItem[] = [
  { name: 'tasks', to: '/', icon: 'tasks', permission: 'home:read', count: 'inbox', onPhone: true },
  {
    name: 'incoming',
    to: '/documents/incoming',
    icon: 'incoming',
    permission: 'document:read',
    count: 'toRegister',
    onPhone: true,
  },
  { name: 'outgoing', to: '/documents/outgoing', icon: 'outgoing', permission: 'document:read' },
  { name: 'internal', to: '/documents/internal', icon: 'internal', permission: 'document:read' },
  { name: 'signing', to: '/signing', icon: 'sign', permission: 'document:sign-off' },
  { name: 'sealing', to: '/signing', icon: 'sign', permission: 'document:dispatch' },
  { name: 'given', to: '/given', icon: 'given', permission: 'given:read' },
  { name: 'registers', to: '/registers/incoming', icon: 'register', permission: 'register-book:read' },
  { name: 'mail', to: '/mail', icon: 'mail', permission: 'mailbox:read', count: 'mailUnread', onPhone: true },
  { name: 'monitor', to: '/monitor', icon: 'monitor', permission: 'monitor:read' },
  { name: 'administration', to: '/administration', icon: 'administration', permission: 'administration:read' },
]

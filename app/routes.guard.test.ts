import { describe, expect, it } from 'vitest'
import { roles } from '#db/roles.ts'
import { permissionOf } from './guard.server.ts'
import { may, permissions, type Action } from './permissions.ts'

type Module = Record<string, unknown>

const modules = import.meta.glob<Module>(['./routes/**/*.{ts,tsx}', './root.tsx', '!./**/*.test.{ts,tsx}'], {
  eager: true,
})

/** What may be asked for without the guard, and why. Whatever is not here stands behind the permission table. */
const publicHandlers: Record<string, string> = {
  './root.tsx loader': 'language and colours of the document, also of the sign-in page; reads nothing of the ministry',
  './routes/sign-in.tsx loader':
    'nobody is signed in yet; lists accounts of the demonstration only, and not in production',
  './routes/sign-in.tsx action': 'this is how one gets in; attempts are limited',
  './routes/sign-out.ts action': 'whoever has no session any more can leave too',
  './routes/sign-out.ts loader': 'leads an address typed by hand home',
  './routes/preferences.ts action':
    'the sign-in page has the language switch too; changes only the caller’s own preferences',
  './routes/preferences.ts loader': 'leads an address typed by hand home',
  './routes/act-as.ts loader': 'leads an address typed by hand home',
  './routes/health.ts loader': 'what watches over the installation has no account; states, never content',
}

/** Routes without a loader: nothing would stop the page itself. */
const publicPages: Record<string, string> = {}

const handlers = Object.entries(modules).flatMap(([file, module]) =>
  ['loader', 'action']
    .filter((name) => module[name] !== undefined)
    .map((name) => ({ name: `${file} ${name}`, handler: module[name] })),
)

describe('every route', () => {
  it('is found', () => {
    expect(Object.keys(modules)).toContain('./routes/sign-in.tsx')
    expect(handlers.length).toBeGreaterThan(8)
  })

  it.each(handlers)('$name stands behind the permission table, or is public for a reason', ({ name, handler }) => {
    const permission = permissionOf(handler)
    if (name in publicHandlers) expect(permission, `${name} is guarded and needs no place on the list`).toBeUndefined()
    else expect(Object.keys(permissions)).toContain(permission)
  })

  it.each(Object.entries(modules))('%s has a loader to guard its page', (file, module) => {
    const hasPage = module.default !== undefined
    if (hasPage && !(file in publicPages)) expect(module.loader).toBeTypeOf('function')
  })

  it.each([...Object.keys(publicHandlers)])('%s on the public list is still there', (name) => {
    expect(handlers.map((handler) => handler.name)).toContain(name)
  })

  it('takes a bare function for unguarded', () => {
    expect(permissionOf(() => null)).toBeUndefined()
  })
})

describe('the permission table', () => {
  it.each(Object.keys(permissions) as Action[])('%s is somebody’s', (action) => {
    expect(permissions[action].length).toBeGreaterThan(0)
    for (const role of permissions[action]) expect(roles).toContain(role)
  })

  it('keeps the register with the clerks, direction with the leaders, the clock with the administrator', () => {
    const who = (action: Action) => roles.filter((role) => may({ role }, action))
    expect(who('document:register')).toEqual(['ministry-clerk'])
    expect(who('document:direct')).toEqual(['minister', 'deputy-minister'])
    expect(who('clock:move')).toEqual(['administrator'])
    expect(may({ role: 'nobody we know' }, 'home:read')).toBe(false)
  })
})

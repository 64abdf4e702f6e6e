import { redirect } from '@remix-run/node'
import { guardedLoader } from '../guard.server.ts'

/** The books begin with the incoming one. */
export const loader = guardedLoader('register-book:read', () => redirect('/registers/incoming'))

import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { signOut } from '../session.server.ts'

/** Public: whoever has no session any more can leave too. */
export async function action({ request, context }: ActionFunctionArgs) {
  await signOut(request, context)
  throw redirect('/sign-in')
}

export const loader = () => redirect('/')

import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { refusalOf } from '../guard.server.ts'
import { signOut } from '../session.server.ts'

/** Public: whoever has no session any more can leave too. */
export async function action({ request, context }: ActionFunctionArgs) {
  try {
    await signOut(request, context)
  } catch (error) {
    // Nobody is told that they have left while their session is still there.
    const refusal = refusalOf(error, context)
    throw Response.json(refusal, { status: refusal.status })
  }
  throw redirect('/sign-in')
}

export const loader = () => redirect('/')

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function SignedOut() {
  return null
}

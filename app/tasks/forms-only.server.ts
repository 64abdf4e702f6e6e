import { redirect } from '@remix-run/node'

/**
 * The loader of an address that takes forms only: whoever opens it is led on. After a form that was refused without scripts Remix
 * runs the loader too, with the form's headers; then it has to stay, for the refusal to be seen.
 */
export function formsOnly(request: Request, leadTo: string): Response | null {
  return request.headers.has('content-type') ? null : redirect(leadTo)
}

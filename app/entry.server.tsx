import { createReadableStreamFromReadable, type AppLoadContext, type EntryContext } from '@remix-run/node'
import { RemixServer } from '@remix-run/react'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { I18nextProvider } from 'react-i18next'
import { languageOf, translatorOf } from './i18n.server.ts'
import { NonceContext } from './nonce.ts'
import { withoutZeroBytes } from './without-zero-bytes.ts'

/** How long a page may take to stream, ms. */
const abandonAfter = 10_000

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  const i18n = await translatorOf(await languageOf(request, context))
  const whole = isbot(request.headers.get('user-agent'))
  return new Promise((resolve, reject) => {
    const answer = () => {
      const body = withoutZeroBytes()
      headers.set('Content-Type', 'text/html; charset=utf-8')
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status }))
      stream.pipe(body)
    }
    const stream = renderToPipeableStream(
      <NonceContext.Provider value={context.cspNonce}>
        <I18nextProvider i18n={i18n}>
          <RemixServer context={remixContext} url={request.url} abortDelay={abandonAfter} nonce={context.cspNonce} />
        </I18nextProvider>
      </NonceContext.Provider>,
      {
        nonce: context.cspNonce,
        [whole ? 'onAllReady' : 'onShellReady']: answer,
        onShellError: reject,
        onError(error) {
          context.log.error({ err: error, path: new URL(request.url).pathname }, 'rendering failed')
        },
      },
    )
    setTimeout(stream.abort, abandonAfter).unref()
  })
}

/** Errors no guard has caught. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (!request.signal.aborted) context.log.error({ err: error, path: new URL(request.url).pathname }, 'failed')
}

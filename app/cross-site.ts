import type { RequestHandler } from 'express'

/** Ways to ask that change nothing. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const crossSiteSentence = {
  vi: 'Yêu cầu này không đến từ trang của iMOIT nên không được thực hiện. Hãy mở lại trang và làm lại.',
  en: 'This request did not come from a page of iMOIT and was not carried out. Open the page again and repeat.',
}

/**
 * Refuses changes asked for by other sites, beside SameSite=Lax cookies. A browser says where a request comes from in
 * Sec-Fetch-Site, an older one in Origin; a request that says neither is refused too.
 */
export function refuseCrossSite(publicOrigin: string | undefined): RequestHandler {
  return (request, response, next) => {
    if (safeMethods.has(request.method)) return next()
    const site = request.get('sec-fetch-site')
    const origin = request.get('origin')
    const fromOurs =
      site !== undefined
        ? site === 'same-origin'
        : origin !== undefined && (origin === publicOrigin || hostOf(origin) === request.get('host'))
    if (fromOurs) return next()
    response.status(403).json({ code: 'cross-site', sentence: crossSiteSentence })
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

const MAX_ANSWER = 4 * 1024 * 1024

/** A service of an authority did not answer, or not with what was asked for. Trying again may help. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault'
}

/** One HTTP call to a time-stamp, OCSP or CRL service: bounded in time and size, without redirects. */
export async function ask(
  url: string,
  request: { method: 'GET' } | { method: 'POST'; type: string; body: Uint8Array },
  timeoutMs = 10_000,
): Promise<Buffer> {
  let response: Response
  try {
    response = await fetch(url, {
      method: request.method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.method === 'POST'
        ? { headers: { 'content-type': request.type }, body: Buffer.from(request.body) }
        : {}),
    })
    if (!response.ok) throw new ServiceFault(`HTTP ${response.status}`)
    const parts: Uint8Array[] = []
    let length = 0
    const body = response.body as unknown as AsyncIterable<Uint8Array> | null
    for await (const part of body ?? []) {
      length += part.length
      if (length > MAX_ANSWER) throw new ServiceFault('an answer longer than any')
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof ServiceFault) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new ServiceFault(cause, { cause: error })
  }
}

/** Warned of so long before its end, ms. */
export const EXPIRES_SOON_MS = 60 * 24 * 3_600_000

/** In use and near its end; what has ended is past warning of. `now` is real time, epoch ms. */
export const expiresSoon = (one: { state: string; notAfter: number }, now: number): boolean =>
  one.state === 'active' && one.notAfter >= now && one.notAfter - now < EXPIRES_SOON_MS

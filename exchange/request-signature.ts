/**
 * How a call to the gateway is signed; `docs/exchange.md` describes it and holds the test vector. The signature stands in
 * headers alone, so a gateway can refuse a stranger before it reads a byte of the file.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const signatureScheme = 'XROADVNPT-HMAC-SHA256'

/** Header names, in lower case as Node gives them. */
export const signatureHeaders = {
  systemId: 'xroadvnpt-systemid',
  timestamp: 'xroadvnpt-timestamp',
  nonce: 'xroadvnpt-nonce',
  header: 'xroadvnpt-header',
  contentSha256: 'xroadvnpt-content-sha256',
  signature: 'xroadvnpt-hash-header',
} as const

export interface SignedParts {
  method: string
  /** Path and query exactly as in the request line. */
  target: string
  systemId: string
  /** `ddMMyyyy'T'HHmmss+SSSS`, Vietnam time. */
  timestamp: string
  /** 16 to 64 of `A-Z a-z 0-9 _ -`, never used twice. */
  nonce: string
  /** JSON of `/sendEdoc` on one line, ASCII; empty for the other calls. */
  header: string
  /** Lower-case hex SHA-256 of the file (`/sendEdoc`) or of the body; of nothing when there is none. */
  contentSha256: string
}

/** The string that is signed: eight lines joined by a line feed, none at the end. */
export function stringToSign(parts: SignedParts): string {
  return [
    signatureScheme,
    parts.method.toUpperCase(),
    parts.target,
    `systemid:${parts.systemId}`,
    `timestamp:${parts.timestamp}`,
    `nonce:${parts.nonce}`,
    `header:${parts.header}`,
    `content-sha256:${parts.contentSha256}`,
  ].join('\n')
}

/** HMAC-SHA256 of the string under the UTF-8 bytes of the secret, lower-case hex. */
export function signatureOf(secret: string, parts: SignedParts): string {
  return createHmac('sha256', secret).update(stringToSign(parts)).digest('hex')
}

/** Compares in constant time. */
export function signatureMatches(secret: string, parts: SignedParts, signature: string): boolean {
  const expected = Buffer.from(signatureOf(secret, parts))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

const vietnamOffset = 7 * 3_600_000

/** Epoch milliseconds as `ddMMyyyy'T'HHmmss+SSSS`: Vietnam time, and after the plus the milliseconds in four digits. */
export function requestTimestamp(epochMs: number): string {
  const iso = new Date(epochMs + vietnamOffset).toISOString()
  const [year, month, day] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10)]
  return `${day}${month}${year}T${iso.slice(11, 19).replaceAll(':', '')}+0${iso.slice(20, 23)}`
}

/** The reverse; null for anything else. */
export function parseRequestTimestamp(text: string): number | null {
  const match = /^(\d{2})(\d{2})(\d{4})T(\d{2})(\d{2})(\d{2})\+0(\d{3})$/.exec(text)
  if (!match) return null
  const [, day, month, year, hour, minute, second, ms] = match
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) - vietnamOffset
  return !Number.isNaN(epochMs) && requestTimestamp(epochMs) === text ? epochMs : null
}

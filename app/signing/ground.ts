import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { Refusal } from '#db/refusal.ts'
import { keptTrust } from '#db/trust.ts'
import type { EvidenceServices } from '#signing/evidence.ts'
import { servicesOf } from '#signing/office-trust.ts'
import type { SignatureLevel } from '#signing/prepared.ts'
import type { SigningError } from '#signing/signing-error.ts'
import { authorityFolder } from '../demonstration/certificates.ts'

/** What the acts of signing stand on. */
export interface SigningGround {
  db: Database
  files: FileStore
  /** Where a demonstration keeps its authority and keys. */
  authorityFolder: string
  /** Real time; the demonstration's past is signed at its own instants. */
  now(): Date
  /** Instead of the highest that the trust list's services allow. */
  level?: SignatureLevel
}

/** @param context of a request, or of whoever signs without one */
export const signingGround = ({
  db,
  files,
  dataFolder,
}: {
  db: Database
  files: FileStore
  dataFolder: string
}): SigningGround => ({ db, files, authorityFolder: authorityFolder(dataFolder), now: () => new Date() })

export interface OfficeServices extends EvidenceServices {
  /** The highest level that the named services allow. */
  level: SignatureLevel
}

let kept: { state: string; services: OfficeServices } | undefined

/** Whom the office trusts and asks. The same services as long as the list stands, so that revocation lists are fetched once. */
export async function officeServices(db: Database): Promise<OfficeServices> {
  const trust = await keptTrust(db)
  const { timeStampUrls, ocspUrls, crlUrls } = trust
  const state = JSON.stringify([trust.state, timeStampUrls, ocspUrls, crlUrls])
  if (kept?.state !== state) {
    const asked = ocspUrls.length + crlUrls.length > 0
    const level = timeStampUrls.length === 0 ? 'B' : asked ? 'LT' : 'T'
    kept = { state, services: { ...servicesOf(trust), level } }
  }
  return kept.services
}

const isSigningError = (error: unknown): error is SigningError =>
  error instanceof Error && error.name === 'SigningError'

/** What signing throws, as a person is told it. Anything else stays what it is. */
export function inWords(error: unknown): unknown {
  if (!isSigningError(error)) return error
  return Object.assign(new Refusal(error.code, error.status, { vi: error.vi, en: error.en }), { cause: error.cause })
}

/** It may go another time without anybody signing again: a service is down, or the administrator has to name one. */
export const maySucceedLater = (error: unknown): boolean =>
  isSigningError(error) &&
  (error.status >= 500 || error.code === 'time-stamp-not-configured' || error.code === 'chain-missing')

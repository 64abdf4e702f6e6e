import type { SignatureRole } from '../prepared.ts'
import type { Sentence } from '../signing-error.ts'

export type Verdict = 'valid' | 'invalid' | 'unknown'

/** Why a signature is not valid, or what a person should know. */
export interface Reason extends Sentence {
  code: string
  verdict: Verdict
}

/** Something that was added or changed after a signature was made. */
export interface Change extends Sentence {
  kind: 'signature' | 'time-stamp' | 'validation-data' | 'field' | 'comment' | 'properties' | 'content' | 'structure'
  /** Whether the signature allows it. What it does not allow makes it "changed after signing". */
  permitted: boolean
  /** From 1, where the change is on one page. */
  page?: number
}

export interface CertificateFacts {
  name: string
  organisation?: string
  unit?: string
  title?: string
  email?: string
  /** The whole name. */
  subject: string
  serial: string
  /** SHA-256, hexadecimal. */
  fingerprint: string
  /** ISO 8601. */
  notBefore: string
  notAfter: string
}

export interface RevocationFacts {
  status: 'good' | 'revoked' | 'unknown'
  source?: 'ocsp' | 'crl'
  /** From inside the file, asked for now, or kept since the file arrived. */
  origin?: 'file' | 'asked' | 'kept'
  /** When the answer was given, ISO 8601. */
  answeredAt?: string
  revokedAt?: string
}

/** What the verification panel shows of one signature. */
export interface SignatureReport {
  fieldName: string
  kind: 'signature' | 'time-stamp'
  verdict: Verdict
  /** In words, the verdict first. */
  sentence: Sentence
  reasons: Reason[]
  role: SignatureRole | 'unknown'
  signer?: CertificateFacts
  /** Who issued the signer's certificate, and whom the office trusts above. */
  authority?: { name: string; organisation?: string; root?: string }
  /** Made under a test authority: without legal effect. */
  isTest: boolean
  time: {
    /** ISO 8601. */
    at?: string
    source: 'time-stamp' | 'claimed' | 'none'
    authority?: string
    /** What the signer wrote, where a time stamp says another. */
    claimed?: string
  }
  integrity: 'intact' | 'broken' | 'unknown'
  coversWholeFile: boolean
  changesAfter: Change[]
  certificateAtSigning: 'valid' | 'expired' | 'not-yet-valid' | 'revoked' | 'not-for-signing' | 'untrusted' | 'unknown'
  revocation: RevocationFacts
  algorithm?: string
  level?: 'B' | 'T' | 'LT'
  reason?: string
  location?: string
}

export interface FileReport {
  verdict: Verdict
  sentence: Sentence
  isTest: boolean
  signatures: SignatureReport[]
  /** What the verdict stands on, DER in base64: kept with a document, it can be verified again without asking anybody. */
  evidence: { certificates: string[]; ocsps: string[]; crls: string[] }
  /** ISO 8601. */
  verifiedAt: string
}

import type { Certificate } from './certificate.ts'

/** What an administrator keeps: whom this office believes, and whom it asks. */
export interface TrustList {
  roots: TrustedRoot[]
  /** Certificates of authorities that signers sometimes leave out. Not trusted by themselves. */
  intermediates: Certificate[]
}

export interface TrustedRoot {
  certificate: Certificate
  /** Signatures under a test authority are marked as such wherever they are shown. */
  isTest?: boolean
}

export function trustList(roots: TrustedRoot[], intermediates: Certificate[] = []): TrustList {
  return { roots, intermediates }
}

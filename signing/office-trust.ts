import { readCertificate } from './certificates/certificate.ts'
import { trustList } from './certificates/trust-list.ts'
import type { EvidenceServices } from './evidence.ts'
import { httpRevocationSource, type RevocationAddresses } from './services/revocation-source.ts'

/** A trust list as it is kept: bytes and addresses. */
export interface RecordedTrust {
  roots: { der: Uint8Array; isTest: boolean }[]
  intermediates: Uint8Array[]
  timeStampUrls: string[]
  ocspUrls: string[]
  crlUrls: string[]
}

/** What signing and verifying need of a recorded trust list. Only the services it names are ever called. */
export function servicesOf(
  recorded: RecordedTrust,
  options: Pick<RevocationAddresses, 'timeoutMs' | 'onFault'> = {},
): EvidenceServices & Required<Pick<EvidenceServices, 'revocation'>> {
  const [stamping] = recorded.timeStampUrls
  return {
    trust: trustList(
      recorded.roots.map(({ der, isTest }) => ({ certificate: readCertificate(der), isTest })),
      recorded.intermediates.map((der) => readCertificate(der)),
    ),
    ...(stamping ? { timeStamp: { url: stamping, timeoutMs: options.timeoutMs } } : {}),
    revocation: httpRevocationSource({ ocsp: recorded.ocspUrls, crls: recorded.crlUrls, ...options }),
  }
}

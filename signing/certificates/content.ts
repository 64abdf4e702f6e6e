import type { Certificate } from './certificate.ts'

/** What a record of a certificate holds; instants as epoch ms. */
export interface CertificateContent {
  /** Its common name, else the whole. */
  name: string
  subject: string
  issuer: string
  serial: string
  fingerprint: string
  der: Buffer
  notBefore: number
  notAfter: number
}

/** A certificate as it is recorded and listed. */
export function contentOf(certificate: Certificate): CertificateContent {
  const { subject, issuer, serial, fingerprint, der, notBefore, notAfter } = certificate
  return {
    name: subject.commonName ?? subject.text,
    subject: subject.text,
    issuer: issuer.text,
    serial,
    fingerprint,
    der,
    notBefore: notBefore.getTime(),
    notAfter: notAfter.getTime(),
  }
}

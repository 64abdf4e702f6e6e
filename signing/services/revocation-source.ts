import { createHash } from 'node:crypto'
import { nul, octets, oid, sequence } from '../asn1.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { revocationAt, type RevocationData } from '../certificates/revocation.ts'
import { serialNumber } from '../cms/signed-attributes.ts'
import { ask, ServiceFault } from './ask.ts'

/** Finds answers about a certificate. An empty list where nobody answers: not knowing is an answer too. */
export interface RevocationSource {
  answersFor(certificate: Certificate, issuer: Certificate): Promise<RevocationData[]>
}

export interface RevocationAddresses {
  /** Addresses that the administrator named. Those inside certificates are never called. */
  ocsp: string[]
  crls: string[]
  timeoutMs?: number
  /** Told of a service that did not answer, for the log. */
  onFault?: (url: string, fault: ServiceFault) => void
}

/** A list is fetched again after this long, even when it says that it holds longer. */
const CRL_KEPT_MS = 10 * 60_000

/** Asks the OCSP services first and the lists where those do not help. */
export function httpRevocationSource(addresses: RevocationAddresses): RevocationSource {
  const crls = new Map<string, { at: number; der: Buffer }>()
  const orNothing = async (url: string, call: () => Promise<Buffer>): Promise<Buffer | undefined> => {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error
      addresses.onFault?.(url, error)
      return undefined
    }
  }
  return {
    async answersFor(certificate, issuer) {
      const answers: RevocationData[] = []
      for (const url of addresses.ocsp) {
        const body = ocspRequest(certificate, issuer)
        const request = { method: 'POST', type: 'application/ocsp-request', body } as const
        const answer = await orNothing(url, () => ask(url, request, addresses.timeoutMs))
        if (answer) answers.push({ kind: 'ocsp', der: answer, origin: 'asked' })
        if (revocationAt(certificate, issuer, answers, new Date()).status !== 'unknown') return answers
      }
      for (const url of addresses.crls) {
        const known = crls.get(url)
        const fresh = known && Date.now() - known.at < CRL_KEPT_MS
        const list = fresh ? known.der : await orNothing(url, () => ask(url, { method: 'GET' }, addresses.timeoutMs))
        if (!list) continue
        if (!fresh) crls.set(url, { at: Date.now(), der: list })
        const answer: RevocationData = { kind: 'crl', der: list, origin: 'asked' }
        if (revocationAt(certificate, issuer, [answer], new Date()).status !== 'unknown') return [...answers, answer]
      }
      return answers
    },
  }
}

/** An OCSPRequest for one certificate, naming its issuer by SHA-1 as responders expect (RFC 5019, 2.1.1). */
export function ocspRequest(certificate: Certificate, issuer: Certificate): Buffer {
  const keyBits = issuer.parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
  const id = sequence(
    sequence(oid('1.3.14.3.2.26'), nul()),
    octets(sha1(issuer.subject.raw)),
    octets(sha1(keyBits)),
    serialNumber(certificate),
  )
  return sequence(sequence(sequence(sequence(id))))
}

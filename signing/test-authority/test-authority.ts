import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { readCertificate, toPem, type Certificate } from '../certificates/certificate.ts'
import { trustList, type TrustList } from '../certificates/trust-list.ts'
import { issueCertificate, type CertificateRequest, type SubjectName } from './issue-certificate.ts'
import { answerOcsp, makeCrl, type Revocation } from './revocation-answers.ts'
import { answerTimeStamp } from './time-stamp-answer.ts'

export type KeyKind = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p-256' | 'p-384'

export interface KeyedCertificate {
  certificate: Certificate
  key: KeyObject
}

/** Everything the authority is, as text: what a data folder keeps. Times as ISO 8601. */
export interface TestAuthorityState {
  format: 1
  root: KeyedState
  issuing: KeyedState
  ocsp: KeyedState
  timeStamp: KeyedState
  issued: string[]
  revoked: { serial: string; at: string; reason: number }[]
  crlNumber: number
}

interface KeyedState {
  certificate: string
  key: string
}

const DAY = 24 * 3_600_000
const ORGANISATION = 'iMOIT TEST - không có giá trị pháp lý'

/** A new key pair; RSA takes a moment. */
export function newKey(kind: KeyKind): KeyObject {
  const [family, size] = kind.split('-') as [string, string]
  if (family === 'rsa') return generateKeyPairSync('rsa', { modulusLength: Number(size) }).privateKey
  return generateKeyPairSync('ec', { namedCurve: kind === 'p-384' ? 'P-384' : 'P-256' }).privateKey
}

/**
 * An authority for demonstrations and tests: a root, an issuing authority, an OCSP responder, revocation lists and a
 * time-stamp server. Every certificate says TEST in its names, and its signatures are marked as test wherever shown.
 */
export class TestAuthority {
  private readonly issued: Set<string>
  private readonly revoked: Revocation[]
  private crlNumber: number

  private constructor(
    readonly root: KeyedCertificate,
    readonly issuing: KeyedCertificate,
    readonly ocsp: KeyedCertificate,
    readonly timeStamping: KeyedCertificate,
    kept?: TestAuthorityState,
    /** The instant that answers are given at. */
    public now: () => Date = () => new Date(),
  ) {
    this.issued = new Set(kept?.issued ?? [ocsp, timeStamping].map((one) => one.certificate.serial.toLowerCase()))
    this.revoked = kept?.revoked.map((one) => ({ ...one, at: new Date(one.at) })) ?? []
    this.crlNumber = kept?.crlNumber ?? 1
  }

  /** A new authority, valid from a year ago for twenty years; its people's certificates live shorter. */
  static create(now = new Date(), key: KeyKind = 'p-256'): TestAuthority {
    const from = new Date(now.getTime() - 366 * DAY)
    const until = new Date(now.getTime() + 20 * 365 * DAY)
    const authority = (commonName: string, issuer?: KeyedCertificate, pathLength?: number): KeyedCertificate => {
      const privateKey = newKey(key)
      const request: CertificateRequest = {
        subject: { commonName, organisation: ORGANISATION },
        publicKey: createPublicKey(privateKey),
        notBefore: from,
        notAfter: until,
        ca: { pathLength },
        keyUsage: ['keyCertSign', 'cRLSign'],
      }
      return { certificate: issueCertificate(request, issuer ?? { key: privateKey }), key: privateKey }
    }
    const service = (commonName: string, use: string, issuer: KeyedCertificate, critical: boolean) => {
      const privateKey = newKey(key)
      const request: CertificateRequest = {
        subject: { commonName, organisation: ORGANISATION },
        publicKey: createPublicKey(privateKey),
        notBefore: from,
        notAfter: new Date(now.getTime() + 10 * 365 * DAY),
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: { oids: [use], critical },
        noCheck: !critical,
      }
      return { certificate: issueCertificate(request, issuer), key: privateKey }
    }
    const mark = randomBytes(3).toString('hex')
    const root = authority(`iMOIT TEST Root CA ${mark}`)
    const issuing = authority(`iMOIT TEST Issuing CA ${mark}`, root, 0)
    const ocsp = service(`iMOIT TEST OCSP ${mark}`, '1.3.6.1.5.5.7.3.9', issuing, false)
    const stamping = service(`iMOIT TEST TSA ${mark}`, '1.3.6.1.5.5.7.3.8', issuing, true)
    return new TestAuthority(root, issuing, ocsp, stamping)
  }

  static restore(state: TestAuthorityState): TestAuthority {
    const keyed = ({ certificate, key }: KeyedState): KeyedCertificate => ({
      certificate: readCertificate(Buffer.from(certificate, 'base64')),
      key: createPrivateKey(key),
    })
    return new TestAuthority(keyed(state.root), keyed(state.issuing), keyed(state.ocsp), keyed(state.timeStamp), state)
  }

  state(): TestAuthorityState {
    const keyed = ({ certificate, key }: KeyedCertificate): KeyedState => ({
      certificate: certificate.der.toString('base64'),
      key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    })
    return {
      format: 1,
      root: keyed(this.root),
      issuing: keyed(this.issuing),
      ocsp: keyed(this.ocsp),
      timeStamp: keyed(this.timeStamping),
      issued: [...this.issued],
      revoked: this.revoked.map((one) => ({ ...one, at: one.at.toISOString() })),
      crlNumber: this.crlNumber,
    }
  }

  /** A person's or an organisation's certificate for a public key, valid for three years around now unless said. */
  issue(subject: SubjectName, publicKey: KeyObject, options: Partial<CertificateRequest> = {}): Certificate {
    const now = this.now().getTime()
    const certificate = issueCertificate(
      {
        subject: { ...subject, unit: subject.unit ?? 'TEST' },
        publicKey,
        notBefore: new Date(now - 30 * DAY),
        notAfter: new Date(now + 3 * 365 * DAY),
        keyUsage: ['digitalSignature', 'nonRepudiation'],
        extendedKeyUsage: { oids: ['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36'] },
        ...options,
      },
      this.issuing,
    )
    this.issued.add(certificate.serial.toLowerCase())
    return certificate
  }

  /** A certificate with a key of its own. */
  issueWithKey(
    subject: SubjectName,
    kind: KeyKind = 'rsa-2048',
    options: Partial<CertificateRequest> = {},
  ): KeyedCertificate {
    const key = newKey(kind)
    return { certificate: this.issue(subject, createPublicKey(key), options), key }
  }

  /** From `at` on the certificate is revoked; `reason` as in RFC 5280, 5.3.1 (1: the key is lost). */
  revoke(certificate: Certificate, at = this.now(), reason = 1): void {
    this.revoked.push({ serial: certificate.serial.toLowerCase(), at, reason })
    this.crlNumber++
  }

  /** The issuing authority's list. */
  crl(): Buffer {
    const mine = this.revoked.filter((one) => one.serial !== this.issuing.certificate.serial.toLowerCase())
    return makeCrl(this.issuing.certificate, this.issuing.key, mine, this.crlNumber, this.now())
  }

  /** The root's list, which speaks of the issuing authority. */
  rootCrl(): Buffer {
    const mine = this.revoked.filter((one) => one.serial === this.issuing.certificate.serial.toLowerCase())
    return makeCrl(this.root.certificate, this.root.key, mine, this.crlNumber, this.now())
  }

  answerOcsp(request: Uint8Array): Buffer {
    const statusOf = (serial: string) => {
      const plain = serial.replace(/^00/, '')
      return (
        this.revoked.find((one) => one.serial === plain) ?? (this.issued.has(plain) ? ('good' as const) : undefined)
      )
    }
    const { certificate, key } = this.ocsp
    return answerOcsp(request, { certificate, key }, statusOf, this.now())
  }

  answerTimeStamp(request: Uint8Array): Buffer {
    return answerTimeStamp(request, this.timeStamping, this.now(), [this.issuing.certificate])
  }

  trust(): TrustList {
    return trustList([{ certificate: this.root.certificate, isTest: true }], [this.issuing.certificate])
  }

  /** `root.pem`, `issuing.pem`, `crl.pem` (both lists), for other people's validators. */
  pems(): Record<'root.pem' | 'issuing.pem' | 'crl.pem', string> {
    return {
      'root.pem': toPem('CERTIFICATE', this.root.certificate.der),
      'issuing.pem': toPem('CERTIFICATE', this.issuing.certificate.der),
      'crl.pem': toPem('X509 CRL', this.crl()) + toPem('X509 CRL', this.rootCrl()),
    }
  }
}

import { signatureAlgorithm } from './algorithms.ts'
import { readCertificate, type Certificate } from './certificates/certificate.ts'
import { buildPath } from './certificates/path.ts'
import { revocationAt } from './certificates/revocation.ts'
import type { TrustList } from './certificates/trust-list.ts'
import { checkTimeStamp } from './cms/check-time-stamp.ts'
import { OID } from './cms/signed-attributes.ts'
import { signedData } from './cms/signed-data.ts'
import type { PreparedSignature, SignatureEvidence, SignatureValue, ValidationMaterial } from './prepared.ts'
import type { RevocationSource } from './services/revocation-source.ts'
import { requestTimeStamp, type TimeStampService } from './services/time-stamp.ts'
import { SigningError } from './signing-error.ts'

/** Whom a signature's level needs: a time-stamp server from T on, revocation answers for LT. */
export interface EvidenceServices {
  trust: TrustList
  timeStamp?: TimeStampService
  revocation?: RevocationSource
}

/**
 * Between signing and embedding: asks the outside for what the level needs and closes the CMS. The key is not needed any
 * more, so a service that is down costs a repeat and no PIN. Level B asks nobody.
 */
export async function gatherEvidence(
  prepared: PreparedSignature,
  signed: SignatureValue,
  services: EvidenceServices,
): Promise<SignatureEvidence> {
  if (signed.of !== prepared.fileDigest) throw otherDocument()
  const certificate = readCertificate(Buffer.from(prepared.certificate, 'base64'))
  const chain = prepared.chain.map((one) => readCertificate(Buffer.from(one, 'base64')))
  const value = Buffer.from(signed.value, 'base64')
  const stamp =
    prepared.level === 'B'
      ? undefined
      : await requestTimeStamp(needed(services.timeStamp), value, prepared.digestAlgorithm, services.trust)
  const cms = signedData({
    contentType: OID.data,
    certificates: [certificate, ...chain],
    signer: certificate,
    digestAlgorithm: prepared.digestAlgorithm,
    signedAttributes: Buffer.from(prepared.signedAttributes, 'base64'),
    signatureAlgorithm: signatureAlgorithm(
      certificate.publicKey.asymmetricKeyType === 'ec' ? 'ec' : 'rsa',
      prepared.digestAlgorithm,
    ),
    signature: value,
    timeStamp: stamp?.token,
  })
  const evidence: SignatureEvidence = { format: 1, of: prepared.fileDigest, cms: cms.toString('base64') }
  if (stamp) evidence.timeStampedAt = stamp.at.toISOString()
  if (prepared.level === 'LT' && stamp) {
    const server = checkTimeStamp(stamp.token, value, services.trust)
    evidence.validation = await gatherValidation(
      [
        { leaf: certificate, pool: chain, at: stamp.at, purpose: 'document' },
        { leaf: server.authority!, pool: server.certificates, at: stamp.at, purpose: 'timestamp' },
      ],
      services,
    )
  }
  return evidence
}

interface ToProve {
  leaf: Certificate
  pool: Certificate[]
  at: Date
  purpose: 'document' | 'timestamp'
}

/** The chains of the certificates and an answer for every member below the root, each believed and in force. */
export async function gatherValidation(
  leaves: ToProve[],
  services: Pick<EvidenceServices, 'trust' | 'revocation'>,
): Promise<ValidationMaterial> {
  const certificates = new Map<string, Certificate>()
  const answers = { ocsp: new Map<string, Buffer>(), crl: new Map<string, Buffer>() }
  const proven = new Set<string>()
  for (const { leaf, pool, at, purpose } of leaves) {
    const path = buildPath(leaf, pool, services.trust, at, purpose)
    if (path.fault)
      throw new SigningError('chain-missing', 422, {
        vi: `Chưa lập được đường dẫn tin cậy cho chứng thư số của ${leaf.subject.commonName} (${path.fault}). Chữ ký đã tạo vẫn được giữ, tài liệu chưa thay đổi; hãy nhờ quản trị bổ sung chứng thư của cơ quan cấp.`,
        en: `There is no trusted path for the certificate of ${leaf.subject.commonName} (${path.fault}). The signature is kept and the document unchanged; have an administrator add the authority's certificates.`,
      })
    for (const one of path.certificates) certificates.set(one.fingerprint, one)
    for (const [index, one] of path.certificates.slice(0, -1).entries()) {
      if (proven.has(one.fingerprint)) continue
      proven.add(one.fingerprint)
      const issuer = path.certificates[index + 1]!
      const found = (await services.revocation?.answersFor(one, issuer)) ?? []
      const result = revocationAt(one, issuer, found, at)
      if (result.status === 'revoked') throw revoked(one)
      if (result.status === 'unknown') throw unanswered(one)
      answers[result.answer.kind].set(result.answer.der.toString('base64'), result.answer.der)
    }
  }
  return {
    certificates: [...certificates.values()].map((one) => one.der.toString('base64')),
    ocsps: [...answers.ocsp.keys()],
    crls: [...answers.crl.keys()],
  }
}

function needed(service: TimeStampService | undefined): TimeStampService {
  if (service) return service
  throw new SigningError('time-stamp-not-configured', 409, {
    vi: 'Chưa khai báo máy chủ cấp dấu thời gian nên chưa ký được ở mức này. Chữ ký đã tạo vẫn được giữ; hãy nhờ quản trị khai báo máy chủ.',
    en: 'No time-stamp server is configured, so this level cannot be reached. The signature is kept; have an administrator name a server.',
  })
}

function otherDocument(): SigningError {
  return new SigningError('other-document', 409, {
    vi: 'Chữ ký này thuộc về một bản khác của tài liệu. Không có gì được ghi; hãy mở bản đang hiển thị và ký lại.',
    en: 'This signature belongs to another version of the document. Nothing was written; open the version shown and sign again.',
  })
}

function revoked(certificate: Certificate): SigningError {
  const name = certificate.subject.commonName
  return new SigningError('certificate-revoked', 422, {
    vi: `Chứng thư số của ${name} đã bị thu hồi. Tài liệu chưa thay đổi; không dùng chứng thư này nữa và báo quản trị.`,
    en: `The certificate of ${name} has been revoked. The document is unchanged; stop using this certificate and tell an administrator.`,
  })
}

function unanswered(certificate: Certificate): SigningError {
  const name = certificate.subject.commonName
  return new SigningError('revocation-unavailable', 503, {
    vi: `Chưa hỏi được tình trạng thu hồi của chứng thư số của ${name}. Chữ ký đã tạo vẫn được giữ, tài liệu chưa thay đổi; hãy thử lại, không cần nhập lại mã PIN.`,
    en: `Nobody answers whether the certificate of ${name} is revoked. The signature is kept and the document unchanged; try again, the PIN is not needed anew.`,
  })
}

import type { CertificatePath } from '../certificates/path.ts'
import { buildPath } from '../certificates/path.ts'
import type { Certificate } from '../certificates/certificate.ts'
import type { TrustList } from '../certificates/trust-list.ts'
import { digestByOid, hashOf } from '../algorithms.ts'
import { fromDer } from '../asn1.ts'
import * as pkijs from 'pkijs'
import { readSignedData, type ReadSignature } from './read-signed-data.ts'

const TST_INFO = '1.2.840.113549.1.9.16.1.4'

/** `imprint`: stamped something else. `untrusted` leaves open that another trust list knows the server. */
export type TimeStampFault = 'malformed' | 'signature' | 'imprint' | 'weak-algorithm' | 'certificate' | 'untrusted'

export interface TimeStampCheck {
  fault?: TimeStampFault
  /** The instant it tells; there when the token could be read. */
  at?: Date
  nonce?: Buffer
  authority?: Certificate
  path?: CertificatePath
  certificates: Certificate[]
  unknownUnsigned: string[]
}

/** Checks an RFC 3161 token over `stamped`. The server's certificate is judged at the instant that it tells. */
export function checkTimeStamp(
  token: Uint8Array,
  stamped: Uint8Array | Uint8Array[],
  trust: TrustList,
  pool: Certificate[] = [],
): TimeStampCheck {
  const signed: ReadSignature = readSignedData(token)
  const result: TimeStampCheck = { certificates: signed.certificates, unknownUnsigned: signed.unknownUnsigned }
  if (signed.fault === 'weak-algorithm') return { ...result, fault: 'weak-algorithm' }
  if (signed.fault) return { ...result, fault: signed.fault === 'malformed' ? 'malformed' : 'signature' }
  if (signed.contentType !== TST_INFO || !signed.content) return { ...result, fault: 'malformed' }
  let info: pkijs.TSTInfo
  try {
    info = new pkijs.TSTInfo({ schema: fromDer(signed.content) })
  } catch {
    // Signed, but it tells no time.
    return { ...result, fault: 'malformed' }
  }
  result.at = info.genTime
  result.authority = signed.signer
  if (info.nonce) result.nonce = Buffer.from(info.nonce.valueBlock.valueHexView)
  const digest = digestByOid(info.messageImprint.hashAlgorithm.algorithmId)
  if (!digest || digest.weak) return { ...result, fault: 'weak-algorithm' }
  const over = hashOf(digest.name, Array.isArray(stamped) ? Buffer.concat(stamped) : stamped)
  if (!over.equals(Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView)))
    return { ...result, fault: 'imprint' }
  result.path = buildPath(signed.signer!, [...signed.certificates, ...pool], trust, info.genTime, 'timestamp')
  if (result.path.fault === 'untrusted') return { ...result, fault: 'untrusted' }
  if (result.path.fault) return { ...result, fault: 'certificate' }
  return result
}

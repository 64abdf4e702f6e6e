import { randomBytes, sign, type KeyObject } from 'node:crypto'
import * as pkijs from 'pkijs'
import { digestAlgorithm, digestByOid, digestFor, hashOf, signatureAlgorithm } from '../algorithms.ts'
import { bool, der, fromDer, generalizedTime, integer, octets, oid, sequence } from '../asn1.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { signedAttributes } from '../cms/signed-attributes.ts'
import { signedData } from '../cms/signed-data.ts'

const TST_INFO = '1.2.840.113549.1.9.16.1.4'
/** A policy of the test authority's own, under an arc for examples. */
const POLICY = '1.3.6.1.4.1.99999.3161'

/** Answers a TimeStampReq (RFC 3161). What cannot be stamped is rejected with `badDataFormat` or `badAlg`. */
export function answerTimeStamp(
  request: Uint8Array,
  authority: { certificate: Certificate; key: KeyObject },
  at: Date,
  chain: Certificate[] = [],
): Buffer {
  let asked: pkijs.TimeStampReq
  try {
    asked = new pkijs.TimeStampReq({ schema: fromDer(request) })
  } catch {
    return rejected()
  }
  const imprint = asked.messageImprint
  const known = digestByOid(imprint.hashAlgorithm.algorithmId)
  if (!known || known.weak) return rejected()
  const info = sequence(
    integer(1),
    oid(POLICY),
    der(imprint.toSchema()),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    generalizedTime(at),
    ...(asked.nonce ? [der(asked.nonce)] : []),
  )
  const digest = digestFor(authority.key)
  const attributes = signedAttributes({
    contentType: TST_INFO,
    digest: hashOf(digest, info),
    digestAlgorithm: digest,
    certificate: authority.certificate,
  })
  const token = signedData({
    contentType: TST_INFO,
    content: info,
    certificates: asked.certReq ? [authority.certificate, ...chain] : [],
    signer: authority.certificate,
    digestAlgorithm: digest,
    signedAttributes: attributes,
    signatureAlgorithm: signatureAlgorithm('ec', digest),
    signature: sign(digest, attributes, { key: authority.key, dsaEncoding: 'der' }),
  })
  return sequence(sequence(integer(0)), token)
}

function rejected(): Buffer {
  return sequence(sequence(integer(2)))
}

/** For tests of a server that lies: an answer of the right form about something else. */
export function stampWrongly(at: Date, authority: { certificate: Certificate; key: KeyObject }): Buffer {
  const other = sequence(
    integer(1),
    sequence(digestAlgorithm('sha256'), octets(hashOf('sha256', randomBytes(8)))),
    bool(true),
  )
  return answerTimeStamp(other, authority, at)
}

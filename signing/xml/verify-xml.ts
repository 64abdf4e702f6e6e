import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { isWeakKey, keyText } from '../algorithms.ts'
import { readCertificate, toPem, type Certificate } from '../certificates/certificate.ts'
import { buildPath } from '../certificates/path.ts'
import { authorityOf, factsOf, judgePath } from '../verify/judge-signature.ts'
import { judgeRevocation } from '../verify/judge-revocation.ts'
import { reason, signatureSentence, worst, type ReasonCode } from '../verify/reasons.ts'
import type { FileReport, Reason, SignatureReport } from '../verify/report.ts'
import type { Material, VerifyOptions } from '../verify/verify-pdf.ts'
import { fileSentence } from '../verify/reasons.ts'
import { DIGEST_URIS, DSIG, ENVELOPED, EXC_C14N, hashClasses, SIGNATURE_URIS, signatureClasses } from './algorithms.ts'

const CANONICAL = [EXC_C14N, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315']
const MAX_XML = 64 * 1024 * 1024

export interface XmlReport extends FileReport {
  /** The canonical bytes that the signature is over, as text: whoever acts on a message reads these and no others. */
  signedXml?: string
}

/**
 * Verifies the enveloped signature of an XML message. Only one form is accepted: one signature, one reference to the
 * whole message, no DOCTYPE, no comments; every wrapping attack needs more freedom than that.
 */
export async function verifyXml(xml: string, options: VerifyOptions): Promise<XmlReport> {
  const now = options.now ?? new Date()
  const parts = readParts(xml)
  if (parts === undefined || parts === 'unsigned') return withoutSignature(parts, now)
  const report = emptyReport()
  const reasons: Reason[] = parts.fault ? [reason(parts.fault)] : []
  const material: Material = {
    certificates: [...(options.certificates ?? [])],
    answers: [...(options.kept ?? [])],
    used: { certificates: new Map(), ocsps: new Map(), crls: new Map() },
  }
  let signedXml: string | undefined
  if (!parts.fault) {
    const certificates = certificatesOf(parts.signature)
    const [signer] = certificates ?? []
    if (!signer || !certificates) reasons.push(reason('malformed'))
    else {
      report.signer = factsOf(signer)
      report.role = signer.subject.commonName === signer.subject.organisation ? 'organisation' : 'person'
      signedXml = signedPart(xml, parts, signer)
      report.integrity = signedXml === undefined ? 'broken' : 'intact'
      report.algorithm = `${keyText(signer.publicKey)}, ${SIGNATURE_URIS[parts.algorithm]!.digest.toUpperCase()}`
      if (signedXml === undefined) reasons.push(reason('digest'))
      if (isWeakKey(signer.publicKey)) reasons.push(reason('weak-algorithm'))
      await judge(signer, certificates, { ...options, now }, material, report, (code) => reasons.push(reason(code)))
    }
  }
  report.reasons = reasons
  report.verdict = worst(reasons.map((one) => one.verdict))
  report.sentence = signatureSentence(report.verdict, reasons)
  const base64 = (map: Map<string, Buffer>) => [...map.values()].map((one) => one.toString('base64'))
  return {
    verdict: report.verdict,
    sentence: fileSentence(report.verdict, 1),
    isTest: report.isTest,
    signatures: [report],
    evidence: {
      certificates: base64(material.used.certificates),
      ocsps: base64(material.used.ocsps),
      crls: base64(material.used.crls),
    },
    verifiedAt: now.toISOString(),
    ...(report.verdict === 'valid' ? { signedXml } : {}),
  }
}

interface Parts {
  signature: Element
  algorithm: string
  fault?: ReasonCode
}

/** The one signature of a message, and what its form makes impossible to accept. Undefined where this is no XML. */
function readParts(xml: string): Parts | 'unsigned' | undefined {
  if (xml.length > MAX_XML || /<!DOCTYPE/i.test(xml)) return undefined
  let document: Document
  try {
    document = new DOMParser({ onError: fail }).parseFromString(xml, 'text/xml')
  } catch {
    // xmldom has refused it: it is no XML message.
    return undefined
  }
  const signatures = elements(document, 'Signature')
  const [signature] = signatures
  if (!signature) return 'unsigned'
  const algorithm = only(signature, 'SignatureMethod')?.getAttribute('Algorithm') ?? ''
  const parts: Parts = { signature, algorithm }
  const references = elements(signature, 'Reference')
  const [reference] = references
  const transforms = reference ? elements(reference, 'Transform').map((one) => one.getAttribute('Algorithm') ?? '') : []
  const digest = reference && only(reference, 'DigestMethod')?.getAttribute('Algorithm')
  const canonical = only(signature, 'CanonicalizationMethod')?.getAttribute('Algorithm') ?? ''
  const whole =
    signatures.length === 1 &&
    references.length === 1 &&
    reference!.getAttribute('URI') === '' &&
    transforms[0] === ENVELOPED &&
    transforms.slice(1).every((one) => CANONICAL.includes(one)) &&
    CANONICAL.includes(canonical) &&
    elements(signature, 'Object').length === 0
  if (!whole) return { ...parts, fault: 'byte-range' }
  if (!(algorithm in SIGNATURE_URIS) || !Object.values(DIGEST_URIS).includes(digest ?? ''))
    return { ...parts, fault: 'weak-algorithm' }
  // Canonical XML leaves comments out: somebody could have put them in, or cut a text in two with them.
  if (hasCommentsOrInstructions(document)) return { ...parts, fault: 'unprotected-part' }
  return parts
}

/** Even what the parser would only warn of: two programs may read it differently. */
function fail(_level: string, message: string): void {
  throw new Error(message)
}

function elements(within: Document | Element, name: string): Element[] {
  return [...within.getElementsByTagNameNS(DSIG, name)]
}

function only(within: Element, name: string): Element | undefined {
  const found = elements(within, name)
  return found.length === 1 ? found[0] : undefined
}

function hasCommentsOrInstructions(document: Document): boolean {
  const stack: Node[] = [document]
  for (let node = stack.pop(); node; node = stack.pop()) {
    const isDeclaration = node.nodeType === 7 && node.nodeName === 'xml' && node === document.firstChild
    if (node.nodeType === 8 || (node.nodeType === 7 && !isDeclaration)) return true
    for (let child = node.firstChild; child; child = child.nextSibling) stack.push(child)
  }
  return false
}

function certificatesOf(signature: Element): Certificate[] | undefined {
  try {
    return elements(signature, 'X509Certificate').map((one) => {
      const text = (one.textContent ?? '').replace(/\s/g, '')
      return readCertificate(Buffer.from(text, 'base64'))
    })
  } catch {
    // One that cannot be read was changed, or was never right.
    return undefined
  }
}

/** What the signature is over, canonical; undefined where it does not hold. */
function signedPart(xml: string, parts: Parts, signer: Certificate): string | undefined {
  const checker = new SignedXml({
    publicCert: toPem('CERTIFICATE', signer.der),
    getCertFromKeyInfo: () => toPem('CERTIFICATE', signer.der),
  })
  checker.HashAlgorithms = hashClasses
  checker.SignatureAlgorithms = signatureClasses()
  try {
    checker.loadSignature(parts.signature.toString())
    const held = checker.checkSignature(xml)
    const signed = checker.getSignedReferences()
    return held && signed.length === 1 ? signed[0] : undefined
  } catch {
    // xml-crypto throws for a digest or a form that does not fit: the signature does not hold.
    return undefined
  }
}

async function judge(
  signer: Certificate,
  carried: Certificate[],
  options: VerifyOptions & { now: Date },
  material: Material,
  report: SignatureReport,
  add: (code: ReasonCode) => void,
): Promise<void> {
  const { trust, now, revocation } = options
  const path = buildPath(signer, [...carried, ...material.certificates], trust, now, 'document')
  report.authority = authorityOf(path)
  report.isTest = path.root?.isTest ?? false
  judgePath(path, signer, { now }, report, add)
  if (path.fault === 'untrusted') return
  const { result, facts } = await judgeRevocation(path, undefined, { material, revocation, now })
  report.revocation = facts
  if (result.status === 'unknown') add('revocation-unknown')
  if (result.status === 'revoked') add('revoked')
}

function emptyReport(): SignatureReport {
  return {
    fieldName: 'Signature',
    kind: 'signature',
    verdict: 'unknown',
    sentence: { vi: '', en: '' },
    reasons: [],
    role: 'unknown',
    isTest: false,
    time: { source: 'none' },
    integrity: 'unknown',
    coversWholeFile: true,
    changesAfter: [],
    certificateAtSigning: 'unknown',
    revocation: { status: 'unknown' },
  }
}

function withoutSignature(parts: 'unsigned' | undefined, now: Date): XmlReport {
  return {
    verdict: 'unknown',
    sentence:
      parts === 'unsigned'
        ? fileSentence('unknown', 0)
        : {
            vi: 'Tệp không phải là một thông điệp XML đọc được; hãy đề nghị nơi gửi gửi lại.',
            en: 'The file is no XML message that can be read; ask the sender for it again.',
          },
    isTest: false,
    signatures: [],
    evidence: { certificates: [], ocsps: [], crls: [] },
    verifiedAt: now.toISOString(),
  }
}

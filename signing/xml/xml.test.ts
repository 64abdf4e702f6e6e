import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { keyInMemory } from '../keys/pkcs12.ts'
import { openOffice, type Office } from '../signing.fixture.ts'
import type { KeyedCertificate, KeyKind } from '../test-authority/test-authority.ts'
import { embedXml, prepareXml, signXml, xmlOrder } from './sign-xml.ts'
import { verifyXml } from './verify-xml.ts'

const NS = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
const MESSAGE = `<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="${NS}"><edXML:edXMLEnvelope xmlns:edXML="${NS}"><edXML:edXMLHeader><edXML:MessageHeader><edXML:Subject>Báo cáo quý &amp; năm</edXML:Subject><edXML:Content Id="x">Trả 5 triệu</edXML:Content></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>
`

let office: Office
let who: KeyedCertificate
let signed: string
beforeAll(async () => {
  office = await openOffice()
  who = office.authority.issueWithKey({ commonName: 'TEST BCT', organisation: 'TEST BCT' }, 'p-256')
  signed = await signXml(MESSAGE, keyInMemory(who.certificate, who.key), 'thông điệp', [
    office.authority.issuing.certificate,
  ])
})
afterAll(() => office.close())

const verify = (xml: string) => verifyXml(xml, office.services)

describe('a signed message', () => {
  it('is valid with every kind of key, and hands out what was signed', async () => {
    for (const kind of ['rsa-2048', 'rsa-4096', 'p-256', 'p-384'] as KeyKind[]) {
      const one = office.authority.issueWithKey({ commonName: 'TEST', organisation: 'TEST' }, kind)
      const xml = await signXml(MESSAGE, keyInMemory(one.certificate, one.key), 'x', [
        office.authority.issuing.certificate,
      ])
      const report = await verify(xml)
      expect({ kind, verdict: report.verdict, reasons: report.signatures[0]!.reasons }).toEqual({
        kind,
        verdict: 'valid',
        reasons: [],
      })
      expect(report.signatures[0]).toMatchObject({ role: 'organisation', isTest: true, integrity: 'intact' })
      expect(report.signedXml).toContain('Báo cáo quý &amp; năm')
      expect(report.signedXml).not.toContain('SignatureValue')
    }
  })

  it('is signed in stages: what JSON carries over is enough', async () => {
    const prepared = JSON.parse(JSON.stringify(prepareXml(MESSAGE, who.certificate))) as ReturnType<typeof prepareXml>
    const key = keyInMemory(who.certificate, who.key)
    const value = await key.sign(xmlOrder(prepared, 'x'))
    expect((await verify(embedXml(prepared, value))).verdict).toBe('valid')
    const stranger = office.authority.issueWithKey({ commonName: 'TEST' }, 'p-256')
    const wrong = await keyInMemory(stranger.certificate, stranger.key).sign(xmlOrder(prepared, 'x'))
    expect(() => embedXml(prepared, wrong)).toThrow(/other-key/)
  })

  it('is not signed twice, nor with a document type', () => {
    for (const xml of [signed, MESSAGE.replace('?>', '?><!DOCTYPE edXML>')])
      expect(() => prepareXml(xml, who.certificate)).toThrow(/xml-unsignable/)
  })
})

const signature = () => /<Signature[\s\S]*<\/Signature>/.exec(signed)![0]
const content = '<edXML:Content Id="x">Trả 5 triệu</edXML:Content>'

describe('a message that was tampered with', () => {
  const attacks: Record<string, () => string> = {
    'another text': () => signed.replace('5 triệu', '9 triệu'),
    'a text cut in two by a comment': () => signed.replace('Trả 5', 'Trả <!-- -->5'),
    'a processing instruction': () => signed.replace(content, `<?x y?>${content}`),
    'an element added': () => signed.replace(content, `${content}${content}`),
    'a document type with an entity': () => signed.replace('?>', '?><!DOCTYPE edXML [<!ENTITY e "9">]>'),
    'the signature taken away and put around another message': () =>
      MESSAGE.replace('5 triệu', '9 triệu').replace('</edXML:edXMLHeader>', `${signature()}</edXML:edXMLHeader>`),
    'the signed message wrapped inside another': () =>
      `<edXML xmlns="${NS}"><Content>9 triệu</Content>${signed.replace(/<\?xml[^>]*\?>/, '')}</edXML>`,
    'the reference turned to a part': () => signed.replace('URI=""', 'URI="#x"'),
    'a second signature': () => signed.replace(signature(), signature() + signature()),
    'the original hidden in the signature': () =>
      signed
        .replace('</Signature>', `<Object>${content}</Object></Signature>`)
        .replace(content, content.replace('5', '9')),
    'another certificate': () => {
      const stranger = office.authority.issueWithKey({ commonName: 'TEST BCT', organisation: 'TEST BCT' }, 'p-256')
      return signed.replace(/<X509Certificate>[^<]+/, `<X509Certificate>${stranger.certificate.der.toString('base64')}`)
    },
    'an algorithm that anybody can compute': () =>
      signed
        .replace('xmldsig-more#ecdsa-sha256', 'xmldsig#hmac-sha1')
        .replace(/2001\/04\/(xmldsig#hmac)/, '2000/09/$1'),
    'SHA-1': () =>
      signed.replace(
        'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      ),
    'no transforms': () => signed.replace(/<Transforms>.*<\/Transforms>/, '<Transforms></Transforms>'),
    'a transform that selects': () =>
      signed.replace(
        '<Transforms>',
        '<Transforms><Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
      ),
    'no certificate': () => signed.replace(/<KeyInfo>.*<\/KeyInfo>/s, ''),
    'no value': () => signed.replace(/<SignatureValue>[^<]+/, '<SignatureValue>'),
  }

  it.each(Object.entries(attacks))('is not valid: %s', async (_, attack) => {
    const xml = attack()
    expect(xml).not.toBe(signed)
    const report = await verify(xml)
    expect(report.verdict).not.toBe('valid')
    expect(report.signedXml).toBeUndefined()
  })

  it('is not valid with any letter of its content changed', async () => {
    const [start, end] = [signed.indexOf('<edXML:Subject>') + 15, signed.indexOf('</edXML:Content>')]
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: end - 1 }),
        fc.constantFrom('9', 'x', 'ệ', ' '),
        async (at, letter) => {
          if (signed[at] === letter) return true
          const xml = signed.slice(0, at) + letter + signed.slice(at + 1)
          const { verdict, signedXml } = await verify(xml)
          // White space inside a tag may change and changes nothing: what was signed stays what is read.
          return verdict !== 'valid' || signedXml === (await verify(signed)).signedXml
        },
      ),
      { numRuns: 150 },
    )
  })
})

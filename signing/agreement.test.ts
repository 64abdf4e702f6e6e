import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignatureLevel, SignatureRole } from './prepared.ts'
import { HAS_PDFSIG, OtherValidators, PYHANKO } from './other-validators.fixture.ts'
import { appearanceFor, LETTERS, openOffice, signWith, type LetterKind, type Office } from './signing.fixture.ts'
import type { KeyedCertificate, KeyKind } from './test-authority/test-authority.ts'
import { verifyPdf } from './verify/verify-pdf.ts'

const LEVELS: SignatureLevel[] = ['B', 'T', 'LT']
const KEYS: KeyKind[] = ['rsa-2048', 'p-256', 'rsa-3072', 'p-384', 'rsa-4096']
/** Other programs start slowly where the machine is busy. */
const PATIENCE = { timeout: 180_000 }
/** Who signs after whom: the leader, a co-signer, the organisation, the receiving registry. */
const ROLES: SignatureRole[] = ['person', 'person', 'organisation', 'received']

interface Sample {
  name: string
  kind: LetterKind
  level: SignatureLevel
  count: number
  bytes: Buffer
}

let office: Office
let validators: OtherValidators
const samples: Sample[] = []

/**
 * Every kind of input with every level; key types, one to four signatures, visible and invisible run through the list
 * beside each other, so that each of their values meets each kind and level several times.
 */
beforeAll(async () => {
  office = await openOffice()
  validators = await OtherValidators.trusting(office.authority)
  const signers = new Map<KeyKind, KeyedCertificate>(
    KEYS.map((kind) => [
      kind,
      office.authority.issueWithKey({ commonName: `TEST ${kind}`, organisation: 'TEST' }, kind),
    ]),
  )
  let turn = 0
  for (const kind of Object.keys(LETTERS) as LetterKind[])
    for (const level of LEVELS) {
      const count = 1 + (turn % 4)
      let bytes = LETTERS[kind]()
      for (let index = 0; index < count; index++) {
        const role = ROLES[index]!
        const signer = signers.get(KEYS[(turn + index) % KEYS.length]!)!
        const visible = (turn + index) % 2 === 0
        const appearance = visible ? await appearanceFor(bytes, role) : undefined
        bytes = await signWith(office, bytes, signer, { role, level, appearance })
      }
      samples.push({ name: `${kind}-${level}-${count}`, kind, level, count, bytes })
      turn++
    }
})
afterAll(async () => {
  await validators?.close()
  await office?.close()
})

describe('signatures of every level, key, number and look, on every kind of PDF', () => {
  it('verify as valid here', PATIENCE, async () => {
    for (const { name, bytes, count, level } of samples) {
      const report = await verifyPdf(bytes, { trust: office.services.trust, revocation: office.services.revocation })
      const said = report.signatures.map((one) => `${one.verdict} ${one.reasons.map((reason) => reason.code).join()}`)
      expect({ name, verdict: report.verdict, said }).toEqual({
        name,
        verdict: 'valid',
        said: Array(count).fill('valid '),
      })
      expect(report.signatures.every((one) => one.isTest && one.integrity === 'intact')).toBe(true)
      if (level === 'LT') expect(report.signatures.every((one) => one.revocation.origin === 'file')).toBe(true)
    }
  })

  it('never touch a byte of what was there', () => {
    for (const { name, kind, bytes } of samples) {
      const before = LETTERS[kind]()
      expect(bytes.subarray(0, before.length).equals(before), name).toBe(true)
    }
  })

  it.skipIf(!PYHANKO)('are valid to pyHanko (skipped where it is not installed)', PATIENCE, async () => {
    const files: string[] = []
    for (const { name, bytes } of samples) files.push(await validators.write(name, bytes))
    const said = await validators.pyhanko(files)
    for (const [index, { name, level, count }] of samples.entries()) {
      const { signatures, error } = said[index]!
      expect({ name, error, valid: signatures.map((one) => one.valid) }).toEqual({
        name,
        error: undefined,
        valid: Array(count).fill(true),
      })
      expect(
        signatures.every((one) => one.stamped === (level !== 'B')),
        name,
      ).toBe(true)
      if (level === 'LT')
        expect({ name, ltv: signatures.map((one) => one.ltv) }).toEqual({ name, ltv: Array(count).fill(true) })
    }
  })

  it.skipIf(!HAS_PDFSIG)('are valid and trusted to pdfsig (skipped where it is not installed)', PATIENCE, async () => {
    for (const { name, bytes, count } of samples) {
      const said = await validators.pdfsig(await validators.write(name, bytes))
      expect({ name, ...said }).toEqual({ name, total: count, valid: count, trusted: count })
    }
  })
})

describe('what pyHanko signed', () => {
  it.skipIf(!PYHANKO)(
    'is valid here, and stays so under a signature of ours (skipped where it is not installed)',
    async () => {
      const who = office.authority.issueWithKey({ commonName: 'TEST pyHanko' })
      const kinds: LetterKind[] = ['tagged', 'streams', 'linearised', 'form']
      const files: string[] = []
      for (const kind of kinds) files.push(await validators.write(`for-pyhanko-${kind}`, LETTERS[kind]()))
      for (const file of await validators.pyhankoSigned(files, office.server.timeStampUrl, who)) {
        const theirs = await readFile(file)
        const report = await verifyPdf(theirs, office.services)
        expect({ file, verdict: report.verdict, kinds: report.signatures.map((one) => one.kind) }).toEqual({
          file,
          verdict: 'valid',
          kinds: ['signature', 'signature', 'signature', 'time-stamp'],
        })
        const ours = await signWith(office, theirs, who, { role: 'received', level: 'LT' })
        expect((await verifyPdf(ours, office.services)).verdict).toBe('valid')
      }
    },
  )
})

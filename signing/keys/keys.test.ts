import { createRequire } from 'node:module'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type * as Pkcs11 from 'pkcs11js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare } from '../prepare.ts'
import { orderOf, signPrepared } from '../sign.ts'
import { LETTERS } from '../signing.fixture.ts'
import { TestAuthority, type KeyedCertificate, type KeyKind } from '../test-authority/test-authority.ts'
import { keyInMemory, readPkcs12, writePkcs12 } from './pkcs12.ts'
import { Token } from './pkcs11.ts'
import { makeSoftwareToken, softHsmLibrary, type SoftwareToken } from './software-token.ts'
import { pinState, pinWarning, tokenError } from './token-state.ts'

const KINDS: KeyKind[] = ['rsa-2048', 'rsa-4096', 'p-256', 'p-384']
const authority = TestAuthority.create()
const people = KINDS.map((kind) => authority.issueWithKey({ commonName: `TEST ${kind}` }, kind))

const prepared = (who: KeyedCertificate) =>
  prepare(LETTERS.tagged(), { certificate: who.certificate, level: 'B', role: 'person', at: new Date() }).prepared

describe.skipIf(!softHsmLibrary())('a token behind PKCS#11 (skipped where SoftHSM2 is not installed)', () => {
  let folder: string
  let made: SoftwareToken
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'imoit-token-'))
    made = await makeSoftwareToken(folder, 'imoit-test', '123456', people)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('signs with every kind of key after one PIN', async () => {
    const token = Token.open({ library: made.library, label: made.label })
    expect(token.certificates().map((one) => one.subject.commonName)).toEqual(
      expect.arrayContaining(people.map((one) => one.certificate.subject.commonName)),
    )
    const session = token.unlock(made.pin)
    // All at once: the session takes them one after another, as PKCS#11 asks.
    const values = await Promise.all(
      people.map((who) => signPrepared(prepared(who), session.key(who.certificate), 'thư.pdf')),
    )
    expect(values).toHaveLength(KINDS.length)
    session.close()
  })

  it('says in words that the PIN is wrong and that tries run low', () => {
    const token = Token.open({ library: made.library, label: made.label })
    expect(token.info()).toMatchObject({ label: made.label, pin: 'ok' })
    expect(() => token.unlock('654321')).toThrow(/pin-wrong/)
    expect(token.info().pin).toBe('count-low')
    expect(() => token.unlock('1')).toThrow(
      expect.objectContaining({ vi: expect.stringContaining('còn ít lần thử') as string }),
    )
    token.unlock(made.pin).close()
    expect(token.info().pin).toBe('ok')
  })

  it('asks each act for the PIN, and stays open for the others when one ends', async () => {
    const token = Token.open({ library: made.library, label: made.label })
    const [who] = people
    const [first, second] = [token.unlock(made.pin), token.unlock(made.pin)]
    expect(() => token.unlock('654321')).toThrow(/pin-wrong/)
    second.close()
    await signPrepared(prepared(who!), first.key(who!.certificate), 'thư.pdf')
    first.close()
    expect(() => token.unlock('654321')).toThrow(/pin-wrong/)
    token.unlock(made.pin).close()
  })

  it('signs with a key that asks for the PIN at each signature', async () => {
    const { certificate } = people[2]!
    const js = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11
    const module = new js.PKCS11()
    module.load(made.library)
    const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trim() === made.label)!
    const session = module.C_OpenSession(slot, js.CKF_SERIAL_SESSION | js.CKF_RW_SESSION)
    module.C_Login(session, js.CKU_USER, made.pin)
    const id = { type: js.CKA_ID, value: Buffer.from(certificate.fingerprint.slice(0, 16), 'hex') }
    module.C_FindObjectsInit(session, [{ type: js.CKA_CLASS, value: js.CKO_PRIVATE_KEY }, id])
    const plain = module.C_FindObjects(session)!
    module.C_FindObjectsFinal(session)
    const { d } = people[2]!.key.export({ format: 'jwk' })
    module.C_CreateObject(session, [
      { type: js.CKA_CLASS, value: js.CKO_PRIVATE_KEY },
      { type: js.CKA_KEY_TYPE, value: js.CKK_EC },
      { type: js.CKA_EC_PARAMS, value: Buffer.from('06082a8648ce3d030107', 'hex') },
      { type: js.CKA_VALUE, value: Buffer.from(d!, 'base64url') },
      { type: js.CKA_TOKEN, value: true },
      { type: js.CKA_PRIVATE, value: true },
      { type: js.CKA_SIGN, value: true },
      { type: js.CKA_ALWAYS_AUTHENTICATE, value: true },
      id,
    ])
    module.C_DestroyObject(session, plain)
    module.C_Logout(session)
    module.C_CloseSession(session)

    const unlocked = Token.open({ library: made.library, label: made.label }).unlock(made.pin)
    const key = unlocked.key(certificate)
    await signPrepared(prepared(people[2]!), key, 'một.pdf')
    await signPrepared(prepared(people[2]!), key, 'hai.pdf')
    unlocked.close()
  })

  it('names the token or the key that is not there', () => {
    expect(() => Token.open({ library: made.library, label: 'khác' })).toThrow(/token-missing/)
    expect(() => Token.open({ library: '/none/lib.so' })).toThrow(/token-library/)
    const session = Token.open({ library: made.library, label: made.label }).unlock(made.pin)
    const stranger = authority.issueWithKey({ commonName: 'TEST lạ' }, 'p-256')
    expect(() => session.key(stranger.certificate)).toThrow(/key-missing/)
    session.close()
  })

  it('fails each document in words when it is pulled out in the middle of a list', async () => {
    const session = Token.open({ library: made.library, label: made.label }).unlock(made.pin)
    const [who] = people
    const key = session.key(who!.certificate)
    await signPrepared(prepared(who!), key, 'một.pdf')
    await rm(path.join(folder, 'tokens'), { recursive: true })
    await expect(key.sign(orderOf(prepared(who!), 'hai.pdf'))).rejects.toMatchObject({
      name: 'SigningError',
      vi: expect.stringContaining('Chưa có gì được ghi') as string,
    })
  })
})

describe('what a token says of its PIN', () => {
  it('is read from the flags, the worst first', () => {
    expect(pinState(0x8)).toBe('ok')
    expect(pinState(0x10008)).toBe('count-low')
    expect(pinState(0x30008)).toBe('final-try')
    expect(pinState(0x70008)).toBe('locked')
    expect(pinState(0)).toBe('not-set')
  })

  it('warns before the last try, and says that a token is locked or gone', () => {
    expect(pinWarning('final-try')!.vi).toContain('MỘT lần thử')
    expect(tokenError(0xa0, 'final-try')).toMatchObject({ code: 'pin-final-try', status: 403 })
    expect(tokenError(0xa0, 'locked')).toMatchObject({ code: 'pin-locked', status: 423 })
    expect(tokenError(0xa4, undefined)).toMatchObject({ code: 'pin-locked', status: 423 })
    for (const gone of [0x32, 0xe0, 0xb3]) expect(tokenError(gone, undefined)).toMatchObject({ code: 'token-removed' })
    expect(tokenError(0x5, undefined).vi).toContain('0x5')
  })
})

describe('a PKCS#12 file', () => {
  it('opens with its password to the key that signs, and with no other', async () => {
    for (const who of people) {
      const file = await writePkcs12({ ...who, chain: [authority.issuing.certificate] }, 'mật khẩu')
      const { key, certificate, chain } = await readPkcs12(file, 'mật khẩu')
      expect(chain.map((one) => one.fingerprint)).toEqual([authority.issuing.certificate.fingerprint])
      await signPrepared(prepared(who), keyInMemory(certificate, key), 'thư.pdf')
      await expect(readPkcs12(file, 'khác')).rejects.toMatchObject({ code: 'pin-wrong', status: 403 })
    }
  })
})

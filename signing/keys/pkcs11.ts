import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as Pkcs11 from 'pkcs11js'
import type { Handle, PKCS11 } from 'pkcs11js'
import { DIGEST_OIDS, hashOf, type DigestName } from '../algorithms.ts'
import { nul, octets, oid, sequence } from '../asn1.ts'
import { readCertificate, type Certificate } from '../certificates/certificate.ts'
import { SigningError } from '../signing-error.ts'
import { ecdsaToDer } from './ecdsa-value.ts'
import type { SigningKey } from './signing-key.ts'
import { pinState, tokenError, type PinState } from './token-state.ts'

type Pkcs11Module = typeof Pkcs11

export interface TokenInfo {
  label: string
  serial: string
  manufacturer: string
  pin: PinState
}

export interface TokenChoice {
  /** The PKCS#11 library of the token or HSM. */
  library: string
  /** Which token, where several are plugged in. */
  label?: string
}

interface Loaded {
  /** The library's path. */
  name: string
  js: Pkcs11Module
  module: PKCS11
}

/**
 * A token is open for all of a process or for none of it (PKCS#11 v2.40, 5.6). So that each act has to know the PIN, and none
 * closes the token on another, it is known which PIN opened it (as a mark that only this process can make) and how many use it.
 */
interface Opened {
  mark: Buffer
  acts: number
}
const opened = new Map<string, Opened>()
const MARK_KEY = randomBytes(32)
const markOf = (pin: string) => createHmac('sha256', MARK_KEY).update(pin).digest()

/** A library may be initialised once in a process; it stays. */
const loaded = new Map<string, Loaded>()

function load(library: string): Loaded {
  const known = loaded.get(library)
  if (known) return known
  const now = loadNow(library)
  loaded.set(library, now)
  return now
}

function loadNow(library: string): Loaded {
  const missing = (what: string, cause: unknown) => {
    const sentence = {
      vi: `Không nạp được thư viện thiết bị ký (${what}). Chưa ký gì; hãy cài phần mềm của thiết bị, hoặc báo quản trị kiểm tra đường dẫn.`,
      en: `The token's library cannot be loaded (${what}). Nothing was signed; install the token's software, or have an administrator check the path.`,
    }
    return new SigningError('token-library', 503, sentence, cause)
  }
  let js: Pkcs11Module
  try {
    // Its constants are no named exports, which `import` would need.
    js = createRequire(import.meta.url)('pkcs11js') as Pkcs11Module
  } catch (error) {
    throw missing('pkcs11js', error)
  }
  const module = new js.PKCS11()
  try {
    module.load(library)
    module.C_Initialize()
  } catch (error) {
    throw missing(library, error)
  }
  return { name: library, js, module }
}

function ckrOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 0
}

const said = (text: string) => text.replace(/[\0 ]+$/, '')

/** A smart card, USB token or HSM behind PKCS#11. Its keys stay in it. */
export class Token {
  private constructor(
    private readonly loaded: Loaded,
    private readonly slot: Handle,
  ) {}

  /** Finds a plugged-in token. Throws `token-missing` where there is none. */
  static open(choice: TokenChoice): Token {
    const library = load(choice.library)
    const slots = library.module.C_GetSlotList(true)
    for (const slot of slots) {
      const token = new Token(library, slot)
      const { label } = token.info()
      if (choice.label === undefined ? label !== '' : label === choice.label) return token
    }
    throw new SigningError('token-missing', 409, {
      vi: `Không thấy thiết bị ký${choice.label ? ` “${choice.label}”` : ''}. Chưa ký gì; hãy cắm thiết bị rồi thử lại.`,
      en: `No token${choice.label ? ` “${choice.label}”` : ''} is plugged in. Nothing was signed; plug it in and try again.`,
    })
  }

  info(): TokenInfo {
    const info = this.loaded.module.C_GetTokenInfo(this.slot)
    return {
      label: said(info.label),
      serial: said(info.serialNumber),
      manufacturer: said(info.manufacturerID),
      pin: pinState(info.flags),
    }
  }

  /** The certificates on the token; they can be read without the PIN. */
  certificates(): Certificate[] {
    const session = this.openSession()
    try {
      return this.find(session, 'CKO_CERTIFICATE').map((one) =>
        readCertificate(valueOf(this.loaded, session, one, 'CKA_VALUE')),
      )
    } finally {
      this.loaded.module.C_CloseSession(session)
    }
  }

  /**
   * Opens the token with its PIN for one act of signing, of one document or of many. The PIN is not kept. Close the
   * session at the end, or the token stays open for whoever comes next.
   */
  unlock(pin: string): TokenSession {
    const { module, js } = this.loaded
    if (this.info().pin === 'locked') throw tokenError(js.CKR_PIN_LOCKED, 'locked')
    const session = this.openSession()
    const held = opened.get(this.place)
    try {
      if (held) {
        if (!timingSafeEqual(held.mark, markOf(pin))) throw tokenError(js.CKR_PIN_INCORRECT, this.info().pin)
        held.acts++
      } else {
        this.logIn(session, pin)
        opened.set(this.place, { mark: markOf(pin), acts: 1 })
      }
    } catch (error) {
      module.C_CloseSession(session)
      throw error
    }
    return new TokenSession(this.loaded, session, pin, () => this.leave(session))
  }

  private logIn(session: Handle, pin: string): void {
    const { module, js } = this.loaded
    try {
      try {
        module.C_Login(session, js.CKU_USER, pin)
      } catch (error) {
        if (ckrOf(error) !== js.CKR_USER_ALREADY_LOGGED_IN) throw error
        // by none of our acts: nobody has said this PIN yet
        module.C_Logout(session)
        module.C_Login(session, js.CKU_USER, pin)
      }
    } catch (error) {
      throw tokenError(ckrOf(error), this.info().pin, error)
    }
  }

  private leave(session: Handle): void {
    const { module } = this.loaded
    const held = opened.get(this.place)
    const isLast = held !== undefined && --held.acts === 0
    if (isLast) opened.delete(this.place)
    try {
      if (isLast) module.C_Logout(session)
      module.C_CloseSession(session)
    } catch (error) {
      // A token that was pulled out has closed itself.
      if (tokenError(ckrOf(error), undefined).code === 'token-failed') throw error
    }
  }

  /** Of the token among all that this process has seen. */
  private get place(): string {
    return `${this.loaded.name} ${this.slot.toString('hex')}`
  }

  /** Writes certificates onto the token beside their keys: what a demonstration's token is filled with. */
  store(pin: string, entries: { certificate: Certificate; id: Buffer }[]): void {
    const { js, module } = this.loaded
    const session = module.C_OpenSession(this.slot, js.CKF_SERIAL_SESSION | js.CKF_RW_SESSION)
    try {
      module.C_Login(session, js.CKU_USER, pin)
      for (const { certificate, id } of entries)
        module.C_CreateObject(session, [
          { type: js.CKA_CLASS, value: js.CKO_CERTIFICATE },
          { type: js.CKA_CERTIFICATE_TYPE, value: js.CKC_X_509 },
          { type: js.CKA_TOKEN, value: true },
          { type: js.CKA_PRIVATE, value: false },
          { type: js.CKA_LABEL, value: Buffer.from(certificate.subject.commonName ?? '') },
          { type: js.CKA_ID, value: id },
          { type: js.CKA_SUBJECT, value: certificate.subject.raw },
          { type: js.CKA_VALUE, value: certificate.der },
        ])
      module.C_Logout(session)
    } catch (error) {
      throw tokenError(ckrOf(error), undefined, error)
    } finally {
      module.C_CloseSession(session)
    }
  }

  private openSession(): Handle {
    try {
      return this.loaded.module.C_OpenSession(this.slot, this.loaded.js.CKF_SERIAL_SESSION)
    } catch (error) {
      throw tokenError(ckrOf(error), undefined, error)
    }
  }

  private find(session: Handle, kind: 'CKO_CERTIFICATE'): Handle[] {
    return findObjects(this.loaded, session, [{ type: this.loaded.js.CKA_CLASS, value: this.loaded.js[kind] }])
  }
}

function valueOf(
  { js, module }: Loaded,
  session: Handle,
  object: Handle,
  attribute: 'CKA_VALUE' | 'CKA_ID' | 'CKA_ALWAYS_AUTHENTICATE',
): Buffer {
  return module.C_GetAttributeValue(session, object, [{ type: js[attribute] }])[0]!.value as Buffer
}

/** Some tokens want the PIN at each signature of a key that is meant for signing by hand. */
function asksEachTime(loaded: Loaded, session: Handle, key: Handle): boolean {
  try {
    return valueOf(loaded, session, key, 'CKA_ALWAYS_AUTHENTICATE')[0] === 1
  } catch (error) {
    // older tokens do not know the attribute, and so do not ask
    if (ckrOf(error) === loaded.js.CKR_ATTRIBUTE_TYPE_INVALID) return false
    throw error
  }
}

function findObjects(
  { module }: Loaded,
  session: Handle,
  template: Parameters<PKCS11['C_FindObjectsInit']>[1],
): Handle[] {
  module.C_FindObjectsInit(session, template)
  const found: Handle[] = []
  for (let one = module.C_FindObjects(session); one; one = module.C_FindObjects(session)) found.push(one)
  module.C_FindObjectsFinal(session)
  return found
}

/** A token that its PIN has opened. Orders go to it one after another, as PKCS#11 asks of one session. */
export class TokenSession {
  private before: Promise<unknown> = Promise.resolve()
  private closed = false

  constructor(
    private readonly loaded: Loaded,
    private readonly session: Handle,
    /** For keys that ask for it at each signature; gone with the session. */
    private readonly pin: string,
    private readonly leave: () => void,
  ) {}

  /** The key that belongs to a certificate on the token. Throws `key-missing`. */
  key(certificate: Certificate): SigningKey {
    const { js } = this.loaded
    try {
      const matching = findObjects(this.loaded, this.session, [
        { type: js.CKA_CLASS, value: js.CKO_CERTIFICATE },
        { type: js.CKA_VALUE, value: certificate.der },
      ])
      const keys = matching.flatMap((one) =>
        findObjects(this.loaded, this.session, [
          { type: js.CKA_CLASS, value: js.CKO_PRIVATE_KEY },
          { type: js.CKA_ID, value: valueOf(this.loaded, this.session, one, 'CKA_ID') },
        ]),
      )
      const handle = keys[0]
      if (!handle) throw keyMissing(certificate)
      const eachTime = asksEachTime(this.loaded, this.session, handle)
      return { certificate, sign: (order) => this.next(() => this.sign({ handle, eachTime }, certificate, order)) }
    } catch (error) {
      if (error instanceof SigningError) throw error
      throw tokenError(ckrOf(error), undefined, error)
    }
  }

  /** Once: the token closes when the last act that uses it has ended. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.leave()
  }

  private next<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.before.then(act)
    this.before = mine.catch(() => undefined)
    return mine
  }

  private async sign(
    key: { handle: Handle; eachTime: boolean },
    certificate: Certificate,
    order: { toBeSigned: Uint8Array; digestAlgorithm: DigestName },
  ): Promise<Uint8Array> {
    const { js, module } = this.loaded
    const isEc = certificate.publicKey.asymmetricKeyType === 'ec'
    const digest = hashOf(order.digestAlgorithm, order.toBeSigned)
    const data = isEc ? digest : sequence(sequence(oid(DIGEST_OIDS[order.digestAlgorithm]), nul()), octets(digest))
    try {
      module.C_SignInit(this.session, { mechanism: isEc ? js.CKM_ECDSA : js.CKM_RSA_PKCS }, key.handle)
      if (key.eachTime) module.C_Login(this.session, js.CKU_CONTEXT_SPECIFIC, this.pin)
      const value = await module.C_SignAsync(this.session, data, Buffer.alloc(1024))
      return isEc ? ecdsaToDer(value) : value
    } catch (error) {
      throw tokenError(ckrOf(error), undefined, error)
    }
  }
}

function keyMissing(certificate: Certificate): SigningError {
  return new SigningError('key-missing', 409, {
    vi: `Thiết bị đang cắm không có khóa của chứng thư ${certificate.subject.commonName}. Chưa ký gì; hãy cắm đúng thiết bị.`,
    en: `The token that is plugged in does not hold the key of ${certificate.subject.commonName}. Nothing was signed; plug in the right one.`,
  })
}

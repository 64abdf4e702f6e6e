import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { KeyObject } from 'node:crypto'
import type { Certificate } from '../certificates/certificate.ts'
import { SigningError } from '../signing-error.ts'
import { Token } from './pkcs11.ts'

/** Where Debian and others put SoftHSM2; `IMOIT_PKCS11_LIBRARY` names another. */
const PLACES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]

/** SoftHSM2's library on this machine; undefined where it is not installed. */
export function softHsmLibrary(): string | undefined {
  return [process.env.IMOIT_PKCS11_LIBRARY, ...PLACES].find((place) => place !== undefined && existsSync(place))
}

export interface SoftwareToken {
  library: string
  label: string
  pin: string
}

/**
 * A token of files under `folder`, for demonstrations, tests and benchmarks: SoftHSM2 behind the same PKCS#11 as real
 * tokens. Sets `SOFTHSM2_CONF` of this process, which the library reads once: one folder a process.
 */
export async function makeSoftwareToken(
  folder: string,
  label: string,
  pin: string,
  entries: { certificate: Certificate; key: KeyObject }[],
): Promise<SoftwareToken> {
  const library = softHsmLibrary()
  if (!library)
    throw new SigningError('token-library', 503, {
      vi: 'Chưa cài SoftHSM2 (Debian: apt-get install softhsm2) nên không tạo được thiết bị ký thử.',
      en: 'SoftHSM2 is not installed (Debian: apt-get install softhsm2), so there can be no software token.',
    })
  const tokens = path.join(folder, 'tokens')
  const configuration = path.join(folder, 'softhsm2.conf')
  await mkdir(tokens, { recursive: true, mode: 0o700 })
  await writeFile(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  const util = (...args: string[]) =>
    promisify(execFile)('softhsm2-util', ['--module', library, ...args], {
      env: { ...process.env, SOFTHSM2_CONF: configuration },
    })
  await util('--init-token', '--free', '--label', label, '--so-pin', `so-${pin}`, '--pin', pin)
  for (const [index, { certificate, key }] of entries.entries()) {
    const pem = path.join(folder, `import-${index}.pem`)
    await writeFile(pem, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    const id = idOf(certificate)
    const name = certificate.subject.commonName ?? id
    await util('--import', pem, '--token', label, '--pin', pin, '--label', name, '--id', id).finally(() => rm(pem))
  }
  const certificates = entries.map(({ certificate }) => ({ certificate, id: Buffer.from(idOf(certificate), 'hex') }))
  Token.open({ library, label }).store(pin, certificates)
  return { library, label, pin }
}

const idOf = (certificate: Certificate): string => certificate.fingerprint.slice(0, 16)

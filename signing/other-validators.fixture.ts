import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { toPem } from './certificates/certificate.ts'
import type { KeyedCertificate, TestAuthority } from './test-authority/test-authority.ts'

const run = promisify(execFile)

/** The Python that has pyHanko; undefined where it is not installed. `.ci/run` installs it into the project's cache. */
export const PYHANKO = [
  process.env.IMOIT_PYHANKO,
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'imoit', 'pyhanko', 'bin', 'python'),
].find((one) => one !== undefined && existsSync(one))

/** Whether poppler's `pdfsig` and NSS's `certutil` are installed. */
export const HAS_PDFSIG = installed('pdfsig') && installed('certutil')

function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    // The shell says that there is none.
    return false
  }
}

export interface PyhankoSignature {
  field: string
  valid: boolean
  intact: boolean
  trusted: boolean
  changes: string
  stamped: boolean
  ltv?: boolean
}
export interface PyhankoFile {
  file: string
  signatures: PyhankoSignature[]
  error?: string
}

/** Other people's validators, told to trust one test authority. */
export class OtherValidators {
  private constructor(readonly folder: string) {}

  static async trusting(authority: TestAuthority): Promise<OtherValidators> {
    const folder = await mkdtemp(path.join(tmpdir(), 'imoit-validators-'))
    for (const [name, text] of Object.entries(authority.pems())) await writeFile(path.join(folder, name), text)
    if (HAS_PDFSIG) {
      const certutil = (...args: string[]) => run('certutil', [...args, '-d', `sql:${folder}`])
      await certutil('-N', '--empty-password')
      await certutil('-A', '-n', 'root', '-t', 'CT,CT,CT', '-i', path.join(folder, 'root.pem'))
      await certutil('-A', '-n', 'issuing', '-t', ',,', '-i', path.join(folder, 'issuing.pem'))
    }
    return new OtherValidators(folder)
  }

  async write(name: string, bytes: Uint8Array): Promise<string> {
    const file = path.join(this.folder, `${name}.pdf`)
    await writeFile(file, bytes)
    return file
  }

  /** What pyHanko says of each file, in their order; half of them by a second process beside the first. */
  async pyhanko(files: string[]): Promise<PyhankoFile[]> {
    const script = fileURLToPath(new URL('fixtures/pyhanko_validate.py', import.meta.url))
    const middle = Math.ceil(files.length / 2)
    const halves = [files.slice(0, middle), files.slice(middle)].filter((half) => half.length > 0)
    const said = await Promise.all(
      halves.map((half) => run(PYHANKO!, [script, this.folder, ...half], { maxBuffer: 64 * 1024 * 1024 })),
    )
    return said.flatMap(({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as PyhankoFile),
    )
  }

  /** Has pyHanko sign files: B, T, then LT with a time stamp over the document. Answers with the paths of the results. */
  async pyhankoSigned(files: string[], timeStampUrl: string, who: KeyedCertificate): Promise<string[]> {
    await writeFile(path.join(this.folder, 'key.pem'), who.key.export({ type: 'pkcs8', format: 'pem' }))
    await writeFile(path.join(this.folder, 'certificate.pem'), toPem('CERTIFICATE', who.certificate.der))
    const script = fileURLToPath(new URL('fixtures/pyhanko_sign.py', import.meta.url))
    await run(PYHANKO!, [script, this.folder, timeStampUrl, ...files])
    return files.map((file) => `${file}.signed`)
  }

  /** How often `pdfsig` says that a signature is valid and its certificate trusted. */
  async pdfsig(file: string): Promise<{ valid: number; trusted: number; total: number }> {
    // It ends with 1 when a signature is not valid; what it says stands in its output all the same.
    const { stdout } = await run('pdfsig', ['-nssdir', this.folder, file]).catch((error: { stdout?: string }) => ({
      stdout: error.stdout ?? '',
    }))
    const count = (text: string) => stdout.split(text).length - 1
    return {
      total: count('Signature Validation:'),
      valid: count('Signature Validation: Signature is Valid'),
      trusted: count('Certificate Validation: Certificate is Trusted'),
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

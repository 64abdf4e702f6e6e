import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readPkcs12, writePkcs12, type Pkcs12Content } from '../keys/pkcs12.ts'
import { SigningError } from '../signing-error.ts'
import { TestAuthority, type TestAuthorityState } from './test-authority.ts'

/** The demonstration's users that have keys. */
export const DEMONSTRATION_USERS = {
  person: { commonName: 'Nguyễn Văn An (TEST)', organisation: 'Bộ Công Thương (TEST)', title: 'Thứ trưởng' },
  organisation: { commonName: 'Bộ Công Thương (TEST)', organisation: 'Bộ Công Thương (TEST)' },
} as const
export type DemonstrationUser = keyof typeof DEMONSTRATION_USERS

/** Protects nothing: the keys of a demonstration have no legal effect. */
export const DEMONSTRATION_PIN = 'imoit-demo'

export interface KeptAuthority {
  authority: TestAuthority
  /** A user's PKCS#12 file, opened. */
  keyOf(user: DemonstrationUser): Promise<Pkcs12Content>
  save(): Promise<void>
}

const file = (folder: string, name: string) => path.join(folder, name)

/** The test authority of a data folder with the demonstration's keys; made when it is not there yet. */
export async function keptAuthority(folder: string): Promise<KeptAuthority> {
  const state = (await readState(folder)) ?? (await make(folder))
  const authority = TestAuthority.restore(state)
  return {
    authority,
    async keyOf(user) {
      return readPkcs12(await readFile(file(folder, `${user}.p12`)), DEMONSTRATION_PIN)
    },
    async save() {
      const fresh = file(folder, `authority.json.${process.pid}`)
      await writeFile(fresh, JSON.stringify(authority.state()), { mode: 0o600 })
      await rename(fresh, file(folder, 'authority.json'))
    },
  }
}

/** The test authority of a data folder, if somebody made one there. */
export async function readState(folder: string): Promise<TestAuthorityState | undefined> {
  try {
    return JSON.parse(await readFile(file(folder, 'authority.json'), 'utf8')) as TestAuthorityState
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const sentence = {
      vi: `Không đọc được cơ quan chứng thực thử trong ${folder}. Tài liệu không bị ảnh hưởng; hãy xóa thư mục đó để tạo lại.`,
      en: `The test authority in ${folder} cannot be read. No document is touched; delete that folder to have it made anew.`,
    }
    throw new SigningError('test-authority-damaged', 500, sentence, error)
  }
}

/** Made aside and moved into place in one step: of two that start at once, one wins and both use it. */
async function make(folder: string): Promise<TestAuthorityState> {
  const authority = TestAuthority.create()
  const aside = `${folder}.${process.pid}`
  await mkdir(aside, { recursive: true, mode: 0o700 })
  try {
    for (const [user, subject] of Object.entries(DEMONSTRATION_USERS)) {
      const { certificate, key } = authority.issueWithKey(subject)
      const content = { key, certificate, chain: [authority.issuing.certificate] }
      await writeFile(file(aside, `${user}.p12`), await writePkcs12(content, DEMONSTRATION_PIN), { mode: 0o600 })
    }
    await writeFile(file(aside, 'authority.json'), JSON.stringify(authority.state()), { mode: 0o600 })
    await rename(aside, folder)
    return authority.state()
  } catch (error) {
    const other = await readState(folder)
    if (other) return other
    throw error
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

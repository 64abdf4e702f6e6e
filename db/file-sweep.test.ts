import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { createFileStore, type FileStore } from '#db/file-store.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { sweepFiles } from './file-sweep.ts'

let db: Database
let folder: string
let files: FileStore

beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
})
afterAll(() => db.close())
beforeEach(async () => {
  await rm(folder ?? '', { recursive: true, force: true })
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-sweep-'))
  files = createFileStore(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const days = 86_400_000
const put = async (content: string) => (await files.put(Buffer.from(content), 100)).sha256
const name = (sha256: string) =>
  db.sql`insert into files (sha256, size, media_type, created_at) values (${sha256}, 1, 'text/plain', now())`
const isThere = async (sha256: string) => (await files.open(sha256).then((it) => (it?.stream.destroy(), it))) !== null
/** Looks again after so many days. */
const sweep = (after: number) => sweepFiles(db, files, { now: Date.now() + after * days })

describe('content that no row names', () => {
  it('goes after a day, and what a row names stays', async () => {
    const [refused, kept] = [await put('refused'), await put('kept')]
    await name(kept)
    expect(await sweep(0)).toBe(0)
    expect(await isThere(refused)).toBe(true)
    expect(await sweep(2)).toBe(1)
    expect([await isThere(refused), await isThere(kept)]).toEqual([false, true])
  })

  it('stays when it was put again meanwhile', async () => {
    const sha256 = await put('sent again')
    const file = path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    const long = new Date(Date.now() - 3 * days)
    await utimes(file, long, long)
    await put('sent again')
    expect(await sweep(0)).toBe(0)
    expect(await isThere(sha256)).toBe(true)
  })

  it('is whole however often it is put and swept at the same time', async () => {
    const content = 'put by many while the sweep goes on'
    const sha256 = await put(content)
    // As old as can be for the sweep: all that keeps it is that it is put again just then.
    const sweeping = Array.from({ length: 40 }, () => files.remove(sha256, Date.now() + 1))
    const putting = Array.from({ length: 40 }, () => put(content))
    await Promise.all([...sweeping, ...putting])
    await put(content)
    const found = await files.open(sha256)
    expect(found && (await text(found.stream))).toBe(content)
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([])
  })

  it('goes too when it is only the piece of an upload that was killed', async () => {
    await mkdir(path.join(folder, 'incoming'))
    await writeFile(path.join(folder, 'incoming', 'piece'), 'half a f')
    await sweep(0)
    expect(await readdir(path.join(folder, 'incoming'))).toEqual(['piece'])
    await sweep(2)
    expect(await readdir(path.join(folder, 'incoming'))).toEqual([])
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { letter, mailbox, markRead, markUnread, neighbours, storeLetter } from '#db/letters.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'

const ME = 'lan@moit.example'
const OTHER = 'minh@moit.example'
let db: Database
let folder: string
const subjects = ['Nhắc việc: báo cáo quý', 'Quá hạn: văn bản 12/VPCP', 'Được giao: thẩm định']

beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-letters-'))
  const files = createFileStore(folder)
  for (const [index, subject] of subjects.entries()) {
    const letter = {
      messageId: `<${index}@moit.example>`,
      from: { name: 'Đỗ Thị Thủy', address: 'thuy@moit.example' },
      to: [{ name: '', address: ME }],
      cc: [],
      subject,
      date: null,
      text: `Kính gửi đồng chí, thư số ${index}.`,
      attachments: [],
    }
    await storeLetter(db, files, { letter, raw: Buffer.from(subject), mailboxes: [ME] })
  }
})
afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const found = async (search: string) => (await mailbox(db, ME, { search })).letters.map(({ subject }) => subject)

describe('a mailbox', () => {
  it('is its owner’s: another sees neither list nor letter nor neighbours', async () => {
    const { letters, unread } = await mailbox(db, ME.toUpperCase())
    expect(letters.map(({ subject }) => subject)).toEqual(subjects.toReversed())
    expect(unread).toBe(3)
    expect(await mailbox(db, OTHER)).toMatchObject({ letters: [], total: 0, unread: 0, found: 0 })
    const id = letters[1]!.id
    expect(await letter(db, OTHER, id)).toBeNull()
    expect(await neighbours(db, OTHER, id)).toEqual({ newer: null, older: null })
    await markRead(db, OTHER, id)
    expect((await letter(db, ME, id))?.readAt).toBeNull()
  })

  it('is searched by all words of sender, subject or text, with and without accents', async () => {
    expect(await found('bao cao QUÝ')).toEqual([subjects[0]])
    expect(await found('do thi thuy 12/vpcp')).toEqual([subjects[1]])
    expect(await found('thủy@moit.example')).toHaveLength(3)
    expect(await found('100%')).toEqual([])
    expect(await found('thẩm quý')).toEqual([])
  })

  it('keeps the letter that is being read among the unread, and takes it back as unread', async () => {
    const { letters } = await mailbox(db, ME)
    const [newest, middle, oldest] = letters.map(({ id }) => id)
    await markRead(db, ME, middle!)
    expect((await mailbox(db, ME, { unreadOnly: true })).letters.map(({ id }) => id)).toEqual([newest, oldest])
    const reading = { unreadOnly: true, reading: middle }
    expect((await mailbox(db, ME, reading)).found).toBe(3)
    expect(await neighbours(db, ME, middle!, reading)).toEqual({ newer: newest, older: oldest })
    await markUnread(db, OTHER, middle!)
    expect((await mailbox(db, ME)).unread).toBe(2)
    await markUnread(db, ME, middle!)
    expect((await mailbox(db, ME)).unread).toBe(3)
  })
})

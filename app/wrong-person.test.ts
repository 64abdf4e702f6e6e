import { buffer } from 'node:stream/consumers'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailbox, storeLetter } from '#db/letters.ts'
import { createPost } from '#db/posts.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { loader as home } from './routes/_app._index.tsx'
import { loader as casePage } from './routes/_app.cases.$caseId.tsx'
import { loader as replay } from './routes/_app.cases.$caseId_.replay.ts'
import { action as takeBack } from './routes/_app.cases.$caseId_.take-back.tsx'
import { loader as documentPage } from './routes/_app.documents.$documentId.tsx'
import { loader as opinions } from './routes/_app.documents.$documentId_.opinions.tsx'
import { loader as download } from './routes/_app.documents.$documentId_.files.$fileId.ts'
import { action as checkAgain } from './routes/_app.documents.$documentId_.verify.tsx'
import { loader as list } from './routes/_app.documents.incoming.tsx'
import { loader as given } from './routes/_app.given.tsx'
import { loader as attachment } from './routes/_app.mail_.$letterId.attachments.$number.ts'
import { loader as monitor } from './routes/_app.monitor.tsx'
import { loader as book } from './routes/_app.registers.$book.tsx'
import { loader as printedBook } from './routes/_app.registers.$book_.$file.ts'
import { loader as search } from './routes/_app.search.tsx'
import { action as complete, loader as taskPage } from './routes/_app.tasks.$taskId.tsx'
import { action as claim } from './routes/_app.tasks.$taskId_.claim.tsx'
import { loader as frame } from './routes/_app.tsx'
import { loader as events } from './routes/events.ts'

const SUBJECT = 'Kế hoạch điều tra chống bán phá giá'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let documentId: string
let caseId: string
let fileId: string
let sha256: string
let letterId: string
/** The head's ended task, the specialist's open one, the clerk's ended one. */
const tasks: Record<'assigned' | 'handling' | 'registered', string> = { assigned: '', handling: '', registered: '' }

beforeAll(async () => {
  office = await officeAtWork()
  db = office.db
  documentId = await office.directed(SUBJECT, { register: { subject: SUBJECT } })
  tasks.assigned = (await office.taskOf('tmdtHead', documentId)).taskId
  await office.fill('tmdtHead', documentId, 'incoming.assign', {
    outcome: 'assigned',
    specialistPost: office.who('tmdtSpecialist').viewer.postId,
    handlingDeadline: '3 ngày',
  })
  const handling = await office.taskOf('tmdtSpecialist', documentId)
  tasks.handling = handling.taskId
  caseId = handling.caseId
  const [registered] = await db.sql<{ id: string }[]>`
    select id from tasks where document_id = ${documentId} and form_key = 'incoming.register'`
  tasks.registered = registered!.id

  const stored = await office.files.put(Buffer.from('%PDF-1.7 mật'), 100)
  await db.sql`insert into files (sha256, size, media_type, created_at) values (${stored.sha256}, ${stored.size}, 'application/pdf', now())`
  const [file] = await db.sql<{ id: string }[]>`
    update document_files set sha256 = ${stored.sha256} where document_id = ${documentId} returning id`
  fileId = file!.id
  sha256 = stored.sha256
  const attachments = [{ name: 'ke-hoach.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7') }]
  const letter = { messageId: '<1@x>', from: null, to: [], cc: [], subject: SUBJECT, date: null, text: '', attachments }
  await storeLetter(db, office.files, { letter, raw: Buffer.alloc(500), mailboxes: ['tmdthead@moit.example'] })
  letterId = (await mailbox(db, 'tmdthead@moit.example')).letters[0]!.id
})
afterAll(() => office.close())

const YEAR = String(new Date().getFullYear())
const holds = (rows: readonly { documentId?: string | null; id?: string | null }[]) =>
  rows.some((row) => row.documentId === documentId || row.id === documentId)
/** What a page's data says of the document; a page that is refused says nothing. */
async function shows<Loaded>(asked: Promise<Loaded>, in_: (loaded: Loaded) => boolean): Promise<boolean> {
  const { status, data } = await answerOf(asked)
  return status === 200 && in_(data as Loaded)
}
async function opens(asked: Promise<unknown>): Promise<boolean> {
  const { status, response } = await answerOf(asked)
  await response?.body?.cancel()
  return status === 200
}

/** Each way to the document, whose way it is, and whether it leads there for somebody. */
const ways: Record<string, { of: string; leads: (name: string) => Promise<boolean> }> = {
  'the page, by its address': {
    of: 'tmdtHead',
    leads: (name) => opens(documentPage(office.asking(name, `/documents/${documentId}`, { documentId }))),
  },
  'the list': {
    of: 'tmdtHead',
    leads: (name) => shows(list(office.asking(name, '/documents/incoming')), ({ rows }) => holds(rows)),
  },
  'the count of the list': {
    of: 'tmdtHead',
    leads: (name) => shows(list(office.asking(name, '/documents/incoming?text=ban+pha+gia')), ({ total }) => total > 0),
  },
  'a facet of the list': {
    of: 'tmdtHead',
    leads: (name) =>
      shows(list(office.asking(name, '/documents/incoming?text=ban+pha+gia')), ({ facets }) =>
        facets.some(({ facet, count }) => facet === 'state' && count !== 0),
      ),
  },
  'the search': {
    of: 'tmdtHead',
    leads: (name) => shows(search(office.asking(name, '/search?q=ban+pha+gia')), ({ found }) => holds(found)),
  },
  'the count of the search': {
    of: 'tmdtHead',
    leads: (name) => shows(search(office.asking(name, '/search?q=ban+pha+gia')), ({ counts }) => counts.incoming > 0),
  },
  'the download': {
    of: 'tmdtHead',
    leads: (name) => opens(download(office.asking(name, '/', { documentId, fileId }))),
  },
  'what one has passed on': {
    of: 'tmdtHead',
    leads: (name) => shows(given(office.asking(name, '/given')), ({ cases }) => holds(cases)),
  },
  'what one has just done': {
    of: 'tmdtHead',
    leads: (name) => shows(home(office.asking(name, `/?done=${tasks.assigned}`)), ({ done }) => done !== null),
  },
  'the case': {
    of: 'tmdtHead',
    leads: (name) => opens(casePage(office.asking(name, '/', { caseId }))),
  },
  'the table of the units’ opinions': {
    of: 'tmdtHead',
    leads: (name) => opens(opinions(office.asking(name, `/documents/${documentId}/opinions`, { documentId }))),
  },
  'the way of the case': {
    of: 'tmdtHead',
    leads: (name) => opens(replay(office.asking(name, '/', { caseId }))),
  },
  'a task that one has ended': {
    of: 'tmdtHead',
    leads: (name) => opens(taskPage(office.asking(name, '/', { taskId: tasks.assigned }))),
  },
  'the load of the unit': {
    of: 'tmdtHead',
    leads: (name) =>
      shows(home(office.asking(name, '/')), ({ load }) =>
        load.some(({ postId, open }) => postId === office.who('tmdtSpecialist').viewer.postId && open > 0),
      ),
  },
  'a file that came by letter': {
    of: 'tmdtHead',
    leads: (name) => opens(attachment(office.asking(name, '/', { letterId, number: '1' }))),
  },
  'the inbox': {
    of: 'tmdtSpecialist',
    leads: (name) => shows(home(office.asking(name, '/')), ({ tasks: waiting }) => holds(waiting)),
  },
  'the count of the inbox': {
    of: 'tmdtSpecialist',
    leads: (name) => shows(home(office.asking(name, '/')), ({ counts }) => counts.assigned > 0),
  },
  'the counts beside the navigation': {
    of: 'tmdtSpecialist',
    leads: (name) => shows(frame(office.asking(name, '/')), ({ counts }) => counts.inbox > 0),
  },
  'the task': {
    of: 'tmdtSpecialist',
    leads: (name) => opens(taskPage(office.asking(name, '/', { taskId: tasks.handling }))),
  },
  'the book': {
    of: 'clerk',
    leads: (name) =>
      shows(book(office.asking(name, `/registers/incoming?year=${YEAR}`, { book: 'incoming' })), ({ lines }) =>
        holds(lines),
      ),
  },
  'the printed book': {
    of: 'clerk',
    leads: async (name) => {
      const asked = printedBook(office.asking(name, '/', { book: 'incoming', file: `${YEAR}.pdf` }))
      const { status, response } = await answerOf(asked)
      return status === 200 && (await textOf(response!)).includes('bán phá giá')
    },
  },
  'the counts of the Office': {
    of: 'chief',
    leads: (name) => shows(monitor(office.asking(name, '/monitor')), ({ units }) => units.length > 0),
  },
}

async function textOf(pdf: Response): Promise<string> {
  const data = new Uint8Array(await buffer(pdf.body as unknown as AsyncIterable<Uint8Array>))
  const document = await getDocument({ data, verbosity: 0 }).promise
  const pages: string[] = []
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent()
    pages.push(...items.map((item) => ('str' in item ? item.str : '')))
  }
  await document.destroy()
  return pages.join(' ').replace(/\s+/g, ' ')
}

const each = Object.entries(ways).map(([what, way]) => ({ what, ...way }))
const ofTheHead = each.filter(({ of }) => of === 'tmdtHead')
const post = (name: string) => office.who(name).viewer.postId

describe('whose document it is', () => {
  it.each(each)('finds it: $what', async ({ of, leads }) => expect(await leads(of)).toBe(true))
})

describe('a person of another unit', () => {
  it.each(each)('does not find it: $what', async ({ leads }) => expect(await leads('xnkHead')).toBe(false))

  it('has nothing of it checked, whose signatures they could learn of', async () => {
    const ask = (name: string) => answerOf(checkAgain(office.asking(name, '/', { documentId }, { sha256 })))
    expect((await ask('xnkHead')).status).toBe(404)
    expect((await ask('tmdtHead')).status).toBe(302)
  })
})

describe('a person who may not see its level of secrecy', () => {
  beforeAll(() => db.sql`update documents set secrecy = 1 where id = ${documentId}`)
  afterAll(() => db.sql`update documents set secrecy = 0 where id = ${documentId}`)

  it.each(each.filter(({ what }) => what !== 'a file that came by letter'))(
    'does not find it, though it is theirs: $what',
    async ({ of, leads }) => expect(await leads(of)).toBe(false),
  )

  it('changes nothing of it', async () => {
    const form = { key: crypto.randomUUID(), outcome: 'noReply', result: 'x' }
    const taskId = tasks.handling
    const asked = [
      complete(office.asking('tmdtSpecialist', '/', { taskId }, form)),
      claim(office.asking('tmdtSpecialist', '/', { taskId }, {})),
      takeBack(office.asking('tmdtHead', '/', { caseId }, { key: crypto.randomUUID(), subscriptionId: 's1' })),
      checkAgain(office.asking('tmdtHead', '/', { documentId }, { sha256 })),
    ]
    for (const one of asked) expect((await answerOf(one)).status).toBe(404)
  })

  it.each(each)('finds it once they are cleared for it: $what', async ({ of, leads }) => {
    const { personId } = office.who(of).viewer
    await db.sql`update persons set clearance = 1 where id = ${personId}`
    expect(await leads(of)).toBe(true)
    await db.sql`update persons set clearance = 0 where id = ${personId}`
  })
})

describe('a person whose post has ended', () => {
  const end = (name: string) => db.sql`update posts set valid_to = current_date - 1 where id = ${post(name)}`
  const restore = (name: string) => db.sql`update posts set valid_to = null where id = ${post(name)}`

  it.each(each)('does not find it: $what', async ({ of, leads }) => {
    await end(of)
    expect(await leads(of)).toBe(false)
    await restore(of)
  })

  it('and who has one in another unit now finds only their own letters', async () => {
    const { personId } = office.who('tmdtHead').viewer
    const { unitId, unitCode } = office.who('xnkHead').viewer
    await end('tmdtHead')
    const moved = { role: 'head', title: 'head', titleEn: 'head', sort: 90, validFrom: '2016-01-01' } as const
    const postId = await createPost(db, { personId, unitId, unitCode, ...moved })
    const found = []
    for (const { what, leads } of ofTheHead) if (await leads('tmdtHead')) found.push(what)
    expect(found).toEqual(['a file that came by letter'])
    await db.sql`delete from post_groups where post_id = ${postId}`
    await db.sql`delete from posts where id = ${postId}`
    await restore('tmdtHead')
  })

  it('is told nothing any more by the stream that is open', async () => {
    const { response } = await answerOf(events(office.asking('tmdtSpecialist', '/events')))
    const reader = response!.body!.pipeThrough(new TextDecoderStream()).getReader()
    const heard: string[] = []
    const until = async (text: string) => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard.push(part.value)
        if (part.value.includes(text)) return true
      }
      return false
    }
    expect(await until('"inbox":1')).toBe(true)
    await end('tmdtSpecialist')
    expect(await until('never said')).toBe(false)
    await restore('tmdtSpecialist')
  })
})

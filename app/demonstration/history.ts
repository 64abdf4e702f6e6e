import { documentCode } from '#db/document-code.ts'
import { MINISTRY } from '#db/outgoing.ts'
import { documentSearchText } from '#db/search-text.ts'
import { outgoingLetters, outgoingPaper } from './letters.ts'
import type { Office } from './office.ts'
import { officeDay } from './public-services.ts'

/** The number that the notice to every unit is to get. */
const NEXT_NOTICE = 55
const DAY_MS = 86_400_000

interface Entered {
  direction: 'outgoing' | 'internal'
  kindCode: string
  number: number
  code: string
  numberText: string
  notation: string
  subject: string
  search: string
  day: string
  at: number
  unit: string
  signerName: string
  signerPosition: string
  signerCompetence: string | null
  recipients: string
  urgency: number
  file: { name: string; sha256: string; size: number } | null
}

/**
 * Documents that were issued before the routes were drawn: entered in the book of the year, without a case. Notices so many that
 * the next one is 55/TB-BCT. In one transaction, once.
 * @param times epoch ms: now, when the first story begins, and when stories number notices
 */
export async function enterHistory(
  office: Office,
  times: { now: number; storiesFrom: number; noticesNumberedAt: number[] },
): Promise<void> {
  const { db } = office
  const yearStart = Date.parse(`${officeDay(times.now).slice(0, 4)}-01-01T08:00:00+07:00`)
  const inYear = times.noticesNumberedAt.filter((at) => at >= yearStart)
  const notices = entered(
    NEXT_NOTICE - 1 - inYear.length,
    Math.min(yearStart + 4 * DAY_MS, times.now - DAY_MS),
    Math.min(times.now, times.storiesFrom > yearStart ? times.storiesFrom : Math.min(times.now, ...inYear)),
  ).map(({ at, index }): Entered => notice(office, index, at))
  const letters = await letterEntries(office, times)
  const rows = [...notices, ...letters]
  const clerk = office.who('vanthu').viewer.postId
  await db.sql.begin(async (sql) => {
    const [done] = await sql`select 1 from settings where key = 'demonstration:history'`
    if (done) return
    await sql`insert into files (sha256, size, media_type, created_at)
      select distinct on (r.sha256) r.sha256, r.size, 'application/pdf', clock_timestamp()
      from jsonb_to_recordset(${JSON.stringify(letters.map((row) => row.file))}::text::jsonb) as r(sha256 text, size bigint) on conflict do nothing`
    await sql`with rows as (
        select *, uuidv7() as id, to_timestamp(at / 1000) as moment, extract(year from day)::int as year
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(direction text, "kindCode" text, number int, code text, "numberText" text,
          notation text, subject text, search text, day date, at float8, unit text, "signerName" text, "signerPosition" text,
          "signerCompetence" text, recipients text, urgency int, file jsonb)
      ), written as (
        insert into documents (id, direction, state, source, kind_code, number, notation, code, subject, agency_code, agency_name, issued_on,
          received_at, register_number, registered_on, urgency, signer_name, signer_position, signer_competence, recipients, unit_id, search,
          created_by_post, created_at, closed_at)
        select r.id, r.direction, case r.direction when 'internal' then 'closed' else 'issued' end, 'internal', r."kindCode", r."numberText",
          r.notation, r.code, r.subject, ${MINISTRY.code}, ${MINISTRY.name}, r.day, r.moment, r.number, r.day, r.urgency, r."signerName",
          r."signerPosition", r."signerCompetence", r.recipients, u.id, r.search, ${clerk}, r.moment, r.moment
        from rows r join units u on u.code = r.unit returning id
      ), numbered as (
        insert into register_entries (book, year, series, number, document_id, taken_at, taken_by_post)
        select 'outgoing', r.year, r."kindCode", r.number, r.id, r.moment, ${clerk} from rows r
      ), series as (
        insert into register_series (book, year, series, last_number)
        select 'outgoing', year, "kindCode", max(number) from rows group by year, "kindCode"
      ), papers as (
        insert into document_files (document_id, role, name, sha256, added_by_post, added_at)
        select r.id, 'main', r.file->>'name', r.file->>'sha256', ${clerk}, r.moment from rows r where jsonb_typeof(r.file) = 'object'
      ), parts as (
        insert into document_parts (document_id, unit_id, part, since, opened_at)
        select r.id, u.id, 'information', r.moment, r.moment + interval '3 hours' from rows r cross join units u where r.direction = 'internal'
      )
      insert into document_access (document_id, grantee, since)
      select r.id, u.id, r.moment from rows r cross join units u where r.direction = 'internal' or u.code = r.unit`
    await sql`insert into settings (key, value) values ('demonstration:history', 'true')`
  })
}

/** So many instants, evenly between two. */
function entered(count: number, from: number, to: number): { at: number; index: number }[] {
  const span = Math.max(0, to - from)
  return Array.from({ length: count }, (_, index) => ({ at: from + (span * index) / count, index }))
}

const meetings = [
  'Kết luận cuộc họp giao ban tháng {month}',
  'Phân công lãnh đạo trực trong các ngày nghỉ',
  'Thay đổi lịch tiếp công dân tháng {month}',
  'Kết luận cuộc họp về tiến độ xây dựng văn bản quy phạm pháp luật',
  'Nhắc việc thực hiện chế độ báo cáo tháng {month}',
]

function notice(office: Office, index: number, at: number): Entered {
  const day = officeDay(at)
  const yearStart = Date.parse(`${day.slice(0, 4)}-01-01`)
  const subject =
    index % 3 === 1
      ? (meetings[Math.floor(index / 3) % meetings.length] ?? '').replace('{month}', String(Number(day.slice(5, 7))))
      : `Lịch công tác của Lãnh đạo Bộ tuần ${Math.floor((Date.parse(day) - yearStart) / (7 * DAY_MS)) + 1}`
  const { name, title } = office.who('chanhvp').signer
  const code = numbering('TB', index + 1, null)
  return {
    direction: 'internal',
    kindCode: 'TB',
    ...code,
    subject,
    ...searched(code.code, subject),
    day,
    at,
    unit: 'VP',
    signerName: name,
    signerPosition: title,
    signerCompetence: 'TL.',
    recipients: 'Các đơn vị trong Bộ; Lưu: VT, VP',
    urgency: 0,
    file: null,
  }
}

const searched = (code: string, subject: string) => ({
  search: documentSearchText({ code, agencyName: MINISTRY.name, subject }),
})

function numbering(abbreviation: string | null, number: number, unitNotation: string | null) {
  const code = documentCode({ number, abbreviation, agency: MINISTRY.abbreviation, unitNotation })
  return { number, numberText: code.number, notation: code.notation, code: code.code }
}

async function letterEntries(office: Office, times: { storiesFrom: number }): Promise<Entered[]> {
  const letters = outgoingLetters()
  const counts = new Map<string, number>()
  const rows: Entered[] = []
  // Within the year that the stories begin in, so that numbers and days go together.
  const from = Date.parse(`${officeDay(times.storiesFrom).slice(0, 4)}-01-06T09:00:00+07:00`)
  for (const { at, index } of entered(letters.length, Math.min(from, times.storiesFrom - DAY_MS), times.storiesFrom)) {
    const letter = letters[index]!
    const number = (counts.get(letter.kindCode) ?? 0) + 1
    counts.set(letter.kindCode, number)
    const unit = office.unitNames.get(letter.unit)
    const abbreviation = letter.kindCode === 'CV' ? null : letter.kindCode
    const code = numbering(abbreviation, number, unit?.notation ?? null)
    const agencyNames = letter.agencies.map((agency) => office.agencyNames.get(agency) ?? agency)
    const leader = office.who(`thutruong${1 + (index % 3)}`).signer
    const day = officeDay(at)
    const subject =
      abbreviation === null
        ? `V/v ${letter.subject}`
        : letter.subject.charAt(0).toLocaleUpperCase('vi') + letter.subject.slice(1)
    const paper = await office.paper(
      `${code.numberText}-${code.notation}.pdf`,
      outgoingPaper(letter, {
        number: code.numberText,
        notation: code.notation,
        date: day,
        agencyNames,
        unitName: unit?.name ?? letter.unit,
        leaderName: leader.name,
      }),
      at,
    )
    rows.push({
      direction: 'outgoing',
      kindCode: letter.kindCode,
      ...code,
      subject,
      ...searched(code.code, subject),
      day,
      at,
      unit: letter.unit,
      signerName: leader.name,
      signerPosition: leader.title,
      signerCompetence: 'KT.',
      recipients: [...agencyNames, 'Lưu: VT'].join('; '),
      urgency: letter.urgency,
      file: { name: paper.name, sha256: paper.sha256, size: paper.size },
    })
  }
  return rows
}

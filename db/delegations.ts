import type { Sql, TransactionSql } from 'postgres'
import { linkAudit } from './audit.ts'
import type { Actor } from './certificates.ts'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'

type Either = Sql | TransactionSql
/** Ký thay, ký thừa lệnh, ký thừa ủy quyền (NĐ 30/2020 Điều 13). */
export const delegationKinds = ['KT', 'TL', 'TUQ'] as const
export type DelegationKind = (typeof delegationKinds)[number]

const leaders = ['minister', 'deputy-minister']
const chiefs = ['head', 'deputy-head', 'chief-of-office', 'deputy-chief-of-office']

/** The right to sign in somebody's place. */
export interface Delegation {
  id: string
  kind: DelegationKind
  fromPost: string
  toPerson: string
  /** Whose place it is: `Bộ trưởng`. */
  fromTitle: string
  fromTitleEn: string
  fromName: string
  basis: string
}

/**
 * What lets a person sign in the place of a post: a delegation in force on the day, for this kind of document. Null where there
 * is none. Only rights of one's own can be given: what somebody signs for another is no right they could hand on.
 * @param at epoch ms on the office's clock
 */
export async function delegationFor(
  sql: Either,
  personId: string,
  signerPost: string,
  document: { kindCode: string | null },
  at: number,
): Promise<Delegation | null> {
  const [row] = await sql<Delegation[]>`
    select ${facts(sql)} from ${joined(sql)}
    where d.to_person = ${personId} and d.from_post = ${signerPost} and ${inForce(sql, at)}
      and (d.kind_codes is null or ${document.kindCode ?? ''} = any(d.kind_codes))
    order by array_position(array['KT', 'TL', 'TUQ'], d.kind), d.created_at desc limit 1`
  return row ?? null
}

/** Every right that a person has at an instant, for choosing one of them. */
export async function delegationsOf(
  sql: Either,
  personId: string,
  document: { kindCode: string | null },
  at: number,
): Promise<Delegation[]> {
  const rows = await sql<Delegation[]>`
    select ${facts(sql)} from ${joined(sql)}
    where d.to_person = ${personId} and ${inForce(sql, at)} and (d.kind_codes is null or ${document.kindCode ?? ''} = any(d.kind_codes))
    order by p.sort, d.created_at`
  return [...rows]
}

const facts = (sql: Either) => sql`
  d.id, d.kind, d.from_post as "fromPost", d.to_person as "toPerson", p.title as "fromTitle", p.title_en as "fromTitleEn",
  n.full_name as "fromName", d.basis`
const joined = (sql: Either) =>
  sql`delegations d join posts p on p.id = d.from_post join persons n on n.id = p.person_id`
const dayOf = (sql: Either, at: number) =>
  sql`(to_timestamp(${at}::float8 / 1000) at time zone 'Asia/Ho_Chi_Minh')::date`
/** The post must be in force too: whoever has left delegates nothing any more. */
const inForce = (sql: Either, at: number) => sql`d.withdrawn_at is null
  and ${dayOf(sql, at)} between d.valid_from and coalesce(d.valid_until, 'infinity')
  and ${dayOf(sql, at)} between p.valid_from and coalesce(p.valid_to, 'infinity')`

export interface DelegationLine extends Delegation {
  toName: string
  fromUnit: string
  fromUnitEn: string
  /** Days. */
  validFrom: string
  validUntil: string | null
  kindCodes: string[] | null
  createdBy: string | null
  createdAt: number
  /** Epoch ms, real time. */
  withdrawnAt: number | null
  withdrawnBy: string | null
  withdrawnReason: string | null
}

/** All of them, those in force first. */
export async function delegationList(db: Database): Promise<DelegationLine[]> {
  const { sql } = db
  const ms = (column: string) => sql.unsafe(`floor(extract(epoch from ${column}) * 1000)::float8`)
  const rows = await sql<DelegationLine[]>`
    select ${facts(sql)}, t.full_name as "toName", u.name as "fromUnit", u.name_en as "fromUnitEn", d.valid_from::text as "validFrom",
      d.valid_until::text as "validUntil", d.kind_codes as "kindCodes", cn.full_name as "createdBy", ${ms('d.created_at')} as "createdAt",
      ${ms('d.withdrawn_at')} as "withdrawnAt", wn.full_name as "withdrawnBy", d.withdrawn_reason as "withdrawnReason"
    from ${joined(sql)} join units u on u.id = p.unit_id join persons t on t.id = d.to_person
      left join posts c on c.id = d.created_by_post left join persons cn on cn.id = c.person_id
      left join posts w on w.id = d.withdrawn_by_post left join persons wn on wn.id = w.person_id
    order by d.withdrawn_at is not null, p.sort, t.sort_name collate "vi-x-icu", d.created_at limit 500`
  return [...rows]
}

export interface NewDelegation {
  fromPost: string
  toPerson: string
  kind: DelegationKind
  validFrom: string
  validUntil: string | null
  kindCodes: string[] | null
  basis: string
}

export interface SignerChoice {
  postId: string
  personId: string
  role: string
  fullName: string
  title: string
  titleEn: string
  unitName: string
  unitNameEn: string
}

/** Everybody who signs by a right of their own: leaders, heads and their deputies, in the office's order. */
export async function signerChoices(db: Database): Promise<SignerChoice[]> {
  const rows = await db.sql<SignerChoice[]>`
    select p.id as "postId", n.id as "personId", p.role, n.full_name as "fullName", p.title, p.title_en as "titleEn", u.name as "unitName",
      u.name_en as "unitNameEn"
    from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id
    where n.active and p.role = any(${[...leaders, ...chiefs]}::text[]) and p.valid_from <= current_date
      and (p.valid_to is null or p.valid_to >= current_date)
    order by u.sort, p.sort, n.sort_name collate "vi-x-icu"`
  return [...rows]
}

interface Delegate {
  role: string
  unitId: string
}

/**
 * Gives a right, as NĐ 30/2020 Điều 13 has it: KT. to a deputy of the same unit; TL. from a leader of the ministry to the head of a
 * unit or a deputy; TUQ. in writing and for a time. @throws Refusal where the decree does not allow it
 */
export async function giveDelegation(db: Database, actor: Actor, given: NewDelegation): Promise<string> {
  if (given.validUntil !== null && given.validUntil < given.validFrom) throw backwards()
  if (given.kind === 'TUQ' && given.validUntil === null) throw needsEnd()
  return db.sql.begin(async (sql) => {
    const [from] = await sql<{ personId: string; role: string; unitId: string }[]>`
      select p.person_id as "personId", p.role, p.unit_id as "unitId" from posts p where p.id::text = ${given.fromPost}
        and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)`
    const to = await sql<Delegate[]>`
      select p.role, p.unit_id as "unitId" from posts p join persons n on n.id = p.person_id where n.id::text = ${given.toPerson} and n.active
        and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)`
    if (!from || to.length === 0) throw notFound()
    if (from.personId === given.toPerson) throw toOneself()
    if (!allowed(given.kind, from, [...to])) throw notByDecree(given.kind)
    const [row] = await sql<{ id: string }[]>`
      insert into delegations (from_post, to_person, kind, valid_from, valid_until, kind_codes, basis, created_by_post, created_at)
      values (${given.fromPost}, ${given.toPerson}, ${given.kind}, ${given.validFrom}, ${given.validUntil}, ${given.kindCodes}::text[],
        ${given.basis}, ${actor.postId}, clock_timestamp()) returning id`
    if (!row) throw new Error('inserting a delegation wrote no row')
    await linkAudit(sql, { ...actor, act: 'delegation.given', data: { delegation: row.id, ...given } })
    return row.id
  })
}

function allowed(kind: DelegationKind, from: Delegate, to: Delegate[]): boolean {
  const heads = ['minister', 'head', 'chief-of-office'].includes(from.role)
  const signs = leaders.includes(from.role) || chiefs.includes(from.role)
  if (kind === 'KT') return heads && to.some((one) => one.unitId === from.unitId && one.role.startsWith('deputy-'))
  if (kind === 'TL') return leaders.includes(from.role) && to.some((one) => chiefs.includes(one.role))
  return signs
}

/** Takes a right back, from now on; what was signed by it stays signed. */
export async function withdrawDelegation(db: Database, actor: Actor, id: string, reason: string): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [row] = await sql<{ kind: string; fromPost: string; toPerson: string }[]>`
      update delegations set withdrawn_at = clock_timestamp(), withdrawn_by_post = ${actor.postId}, withdrawn_reason = ${reason}
      where id::text = ${id} and withdrawn_at is null returning kind, from_post as "fromPost", to_person as "toPerson"`
    if (!row) throw notFound()
    await linkAudit(sql, { ...actor, act: 'delegation.withdrawn', data: { delegation: id, ...row, reason } })
  })
}

const backwards = () =>
  new Refusal(
    'delegation-days',
    422,
    {
      vi: 'Ngày kết thúc đứng trước ngày bắt đầu nên chưa lưu. Hãy chọn lại ngày.',
      en: 'The last day lies before the first, so this was not kept. Choose the days again.',
    },
    { validUntil: { vi: 'Phải từ ngày bắt đầu trở đi.', en: 'On or after the first day.' } },
  )

const needsEnd = () =>
  new Refusal(
    'delegation-end',
    422,
    {
      vi: 'Ủy quyền (TUQ.) phải có thời hạn theo Điều 13 Nghị định 30/2020 nên chưa lưu. Hãy chọn ngày kết thúc.',
      en: 'A delegation TUQ. is for a limited time (Decree 30/2020, Article 13), so this was not kept. Choose its last day.',
    },
    { validUntil: { vi: 'Chọn ngày kết thúc.', en: 'Choose the last day.' } },
  )

const toOneself = () =>
  new Refusal('delegation-self', 422, {
    vi: 'Người ký thay chính là người giao nên chưa lưu. Hãy chọn người khác.',
    en: 'Whoever signs is whoever delegates, so this was not kept. Choose somebody else.',
  })

const ALLOWED: Record<DelegationKind, { vi: string; en: string }> = {
  KT: {
    vi: 'KT. (ký thay) chỉ giao cho cấp phó của chính người đứng đầu',
    en: 'KT. (for the head) is for a deputy of that head',
  },
  TL: {
    vi: 'TL. (thừa lệnh) chỉ do lãnh đạo Bộ giao cho người đứng đầu hoặc cấp phó của đơn vị',
    en: 'TL. (by order) is from a leader of the ministry to the head of a unit or a deputy',
  },
  TUQ: {
    vi: 'TUQ. (thừa ủy quyền) chỉ do người có thẩm quyền ký giao',
    en: 'TUQ. (by delegation) is from somebody who may sign by their own right',
  },
}

const notByDecree = (kind: DelegationKind) =>
  new Refusal('delegation-decree', 422, {
    vi: `${ALLOWED[kind].vi} (Điều 13 Nghị định 30/2020) nên chưa lưu. Hãy chọn lại người hoặc thể thức ký.`,
    en: `${ALLOWED[kind].en} (Decree 30/2020, Article 13), so this was not kept. Choose another person or form.`,
  })

import type { Database } from '#db/database.ts'
import type { Holder } from '#db/certificates.ts'
import { Refusal } from '#db/refusal.ts'

export interface HolderChoice {
  /** A user name, or a unit's code. */
  value: string
  label: string
}

/** Whom a certificate can belong to: everybody with a post, and every unit. */
export async function holderChoices(db: Database): Promise<HolderChoice[]> {
  const rows = await db.sql<HolderChoice[]>`
    select value, label from (
      select u.code as value, u.name as label, 0 as kind, u.sort from units u where u.valid_to is null or u.valid_to >= current_date
      union all
      select n.username, n.full_name || ', ' || min(p.title), 1, min(p.sort) from persons n join posts p on p.person_id = n.id
      where n.active and (p.valid_to is null or p.valid_to >= current_date) group by n.id
    ) choices order by kind, sort`
  return [...rows]
}

/** @throws Refusal beside the field for a name that is nobody's */
export async function holderNamed(db: Database, name: string): Promise<Holder> {
  const [person] = await db.sql<{ id: string }[]>`select id from persons where username = ${name}`
  if (person) return { personId: person.id }
  const [unit] = await db.sql<{ id: string }[]>`select id from units where upper(code) = upper(${name})`
  if (unit) return { unitId: unit.id }
  const sentence = {
    vi: 'Không có tài khoản hay đơn vị nào mang tên này nên chưa đăng ký. Hãy chọn trong danh sách gợi ý.',
    en: 'No account or unit has this name, so nothing was registered. Choose one of those proposed.',
  }
  throw new Refusal('holder-unknown', 422, sentence, { holder: sentence })
}

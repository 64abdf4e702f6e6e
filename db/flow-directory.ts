import type { Sentence } from './refusal.ts'
import type { Database } from './database.ts'
import { foldForSearch } from './search-text.ts'

/** Somebody, or some post, that a step of a flow can be given to. */
export interface Assignee {
  /** As a flow writes it: `role:…`, `unit:…:head`, `post:…`, or FEEL. */
  key: string
  /** One person or post, rather than all who answer to it. */
  isAssignee: boolean
  name: string
  detail: string
  /** Nobody answers to it any more: the unit was dissolved, the post ended. */
  gone: boolean
}

type Line = Omit<Assignee, 'name' | 'detail' | 'gone'> & { name: Sentence; detail: Sentence; gone?: boolean }

/** By what a case has decided on its way. */
const relations: Line[] = [
  relation('="unit:" + leadUnit + ":head"', false, 'Lãnh đạo đơn vị chủ trì', 'Head of the lead unit', 'leadUnit'),
  relation(
    '="unit:" + leadUnit + ":specialist"',
    false,
    'Chuyên viên đơn vị chủ trì',
    'Specialists of the lead unit',
    'leadUnit',
  ),
  relation(
    '="unit:" + unit + ":head"',
    false,
    'Lãnh đạo từng đơn vị trong danh sách',
    'Head of each unit of the list',
    'unit',
  ),
  relation('=leaderPost', true, 'Lãnh đạo Bộ được trình', 'The leader it was submitted to', 'leaderPost'),
  relation(
    '=specialistPost',
    true,
    'Chuyên viên được phân công',
    'The specialist it was assigned to',
    'specialistPost',
  ),
  relation('=opinionPost', true, 'Chuyên viên soạn ý kiến', 'The specialist who writes the opinion', 'opinionPost'),
  relation('=authorPost', true, 'Người soạn, người trình', 'The author who submitted it', 'authorPost'),
  relation(
    '="unit:" + unitCode + ":head"',
    false,
    'Lãnh đạo đơn vị soạn thảo',
    'Head of the drafting unit',
    'unitCode',
  ),
  relation('=carryOutPost', true, 'Người được giao thực hiện', 'Whoever was asked to carry it out', 'carryOutPost'),
]

function relation(key: string, isAssignee: boolean, vi: string, en: string, variable: string): Line {
  const detail = { vi: `theo biến ${variable} của hồ sơ`, en: `by the variable ${variable} of the case` }
  return { key, isAssignee, name: { vi, en }, detail }
}

const roles: Line[] = [
  role('ministry-clerk', 'Văn thư Bộ', 'Ministry clerks'),
  role('chief-of-office', 'Lãnh đạo Văn phòng Bộ', 'Chief of Office and deputies'),
  role('leader', 'Lãnh đạo Bộ', 'Leaders of the ministry'),
  role('office-monitor', 'Theo dõi, đôn đốc', 'Office monitors'),
  role('administrator', 'Quản trị hệ thống', 'Administrators'),
]

function role(name: string, vi: string, en: string): Line {
  const detail = { vi: 'mọi người giữ vai trò này', en: 'all who hold this role' }
  return { key: `role:${name}`, isAssignee: false, name: { vi, en }, detail }
}

const ofUnit: [relation: string, vi: string, en: string][] = [
  ['head', 'Lãnh đạo', 'Heads of'],
  ['specialist', 'Chuyên viên', 'Specialists of'],
  ['clerk', 'Văn thư', 'Clerks of'],
]

interface UnitRow {
  code: string
  name: string
  nameEn: string
  gone: boolean
}

interface PostRow {
  id: string
  person: string
  title: string
  titleEn: string
  unit: string
  unitEn: string
  gone: boolean
}

const unitLines = ({ code, name, nameEn, gone }: UnitRow): Line[] =>
  ofUnit.map(([of, vi, en]) => ({
    key: `unit:${code}:${of}`,
    isAssignee: false,
    name: { vi: `${vi} ${name}`, en: `${en} ${nameEn}` },
    detail: { vi: code, en: code },
    gone,
  }))

const postLine = ({ id, person, title, titleEn, unit, unitEn, gone }: PostRow): Line => ({
  key: `post:${id}`,
  isAssignee: true,
  name: { vi: person, en: person },
  detail: { vi: `${title}, ${unit}`, en: `${titleEn}, ${unitEn}` },
  gone,
})

const FOUND_AT_MOST = 20

/** Whom a step can be given to, by words with accents or without: relations, roles, units and people, in this order. */
export async function findAssignees(db: Database, search: string, language: 'vi' | 'en'): Promise<Assignee[]> {
  const words = foldForSearch(search.slice(0, 100))
    .split(' ')
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const [units, posts] = await Promise.all([readUnits(db), readPosts(db)])
  const all = [
    ...relations,
    ...roles,
    ...units.filter(({ gone }) => !gone).flatMap(unitLines),
    ...posts.filter(({ gone }) => !gone).map(postLine),
  ]
  const isFound = ({ name, detail }: Line) => {
    const text = foldForSearch(`${name.vi} ${name.en} ${detail.vi} ${detail.en}`)
    return words.every((word) => text.includes(word))
  }
  return all.filter(isFound).slice(0, FOUND_AT_MOST).map(inLanguage(language))
}

/** In words whom an assignment names. What is known to nobody is given as it is written. */
export async function nameAssignees(db: Database, assignment: string, language: 'vi' | 'en'): Promise<Assignee[]> {
  const expression = assignment.replace(/^=\s*\[(.*)\]$/, '=$1').trim()
  const keys = expression.startsWith('=') ? [expression] : expression.split(',').map((key) => key.trim())
  const asked = keys.filter((key) => key !== '').slice(0, FOUND_AT_MOST)
  const [units, posts] = asked.some((key) => /^(unit|post):/.test(key))
    ? await Promise.all([readUnits(db), readPosts(db)])
    : [[], []]
  const known = new Map(
    [...relations, ...roles, ...units.flatMap(unitLines), ...posts.map(postLine)].map((line) => [line.key, line]),
  )
  return asked.map((key) => {
    const line = known.get(key)
    if (line) return inLanguage(language)(line)
    return { key, isAssignee: false, name: key, detail: '', gone: /^(unit|post):/.test(key) }
  })
}

const inLanguage =
  (language: 'vi' | 'en') =>
  ({ key, isAssignee, name, detail, gone = false }: Line): Assignee => ({
    key,
    isAssignee,
    name: name[language],
    detail: detail[language],
    gone,
  })

function readUnits(db: Database): Promise<UnitRow[]> {
  return db.sql<UnitRow[]>`
    select code, name, name_en as "nameEn", valid_to is not null and valid_to < current_date as gone from units order by sort`
}

function readPosts(db: Database): Promise<PostRow[]> {
  return db.sql<PostRow[]>`
    select p.id, n.full_name as person, p.title, p.title_en as "titleEn", u.name as unit, u.name_en as "unitEn",
      not n.active or p.valid_from > current_date or (p.valid_to is not null and p.valid_to < current_date) as gone
    from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id
    order by u.sort, p.sort, n.sort_name collate "vi-x-icu"`
}

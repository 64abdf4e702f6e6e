import { boolean, date, index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { at, id } from './columns.ts'

/** Units of the ministry: a tree with effective dates, so that a dissolved unit keeps its history. */
export const units = pgTable('units', {
  id: id(),
  /** Short code used in relations and routes, for example `TMDT`. */
  code: text().notNull().unique(),
  name: text().notNull(),
  nameEn: text('name_en').notNull(),
  kind: text().notNull(),
  /** The notation a letter drafted here carries, `BCT-TMĐT`; null where the unit issues none. */
  notation: text(),
  parentId: uuid('parent_id'),
  sort: integer().notNull(),
  validFrom: date('valid_from').notNull(),
  validTo: date('valid_to'),
})

export const persons = pgTable('persons', {
  id: id(),
  username: text().notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  /** Family name first, as written. */
  fullName: text('full_name').notNull(),
  /** Given name, then the rest: offices sort lists of people by it. */
  sortName: text('sort_name').notNull(),
  email: text().notNull().unique(),
  language: text({ enum: ['vi', 'en'] })
    .notNull()
    .default('vi'),
  colorScheme: text('color_scheme', { enum: ['auto', 'light', 'dark'] })
    .notNull()
    .default('auto'),
  /** Highest secrecy level the person may see: 0 none, 1 Mật, 2 Tối mật, 3 Tuyệt mật. */
  clearance: smallint().notNull().default(0),
  demonstration: boolean().notNull().default(false),
  active: boolean().notNull().default(true),
})

export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => persons.id),
    expiresAt: at('expires_at').notNull(),
    /** The post the person acts in, when they hold several. */
    postId: uuid('post_id'),
  },
  (table) => [index('sessions_user').on(table.userId)],
)

/** A person in a unit in a role. One person may hold several. */
export const posts = pgTable(
  'posts',
  {
    id: id(),
    personId: uuid('person_id')
      .notNull()
      .references(() => persons.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    role: text().notNull(),
    title: text().notNull(),
    titleEn: text('title_en').notNull(),
    sort: integer().notNull(),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
  },
  (table) => [index('posts_person').on(table.personId), index('posts_unit').on(table.unitId)],
)

/** Which relations ("role:ministry-clerk", "unit:TMDT:head") a post answers to; kept with the post (`db/posts.ts`). */
export const postGroups = pgTable(
  'post_groups',
  {
    groupKey: text('group_key').notNull(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
  },
  (table) => [primaryKey({ columns: [table.groupKey, table.postId] }), index('post_groups_post').on(table.postId)],
)

/** What a post is in its unit; the values of `posts.role`. */
export const roles = [
  'minister',
  'deputy-minister',
  'chief-of-office',
  'deputy-chief-of-office',
  'ministry-clerk',
  'office-monitor',
  'head',
  'deputy-head',
  'unit-clerk',
  'specialist',
  'administrator',
] as const
export type Role = (typeof roles)[number]

/** Roles whose work is the whole ministry's documents (NĐ 30/2020 Điều 4, 22–24: registry, Office, leadership). */
export const rolesThatSeeAll: ReadonlySet<string> = new Set<Role>([
  'minister',
  'deputy-minister',
  'chief-of-office',
  'deputy-chief-of-office',
  'ministry-clerk',
  'office-monitor',
])

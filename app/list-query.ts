/** What a list's address asks for: `?sort=-receivedAt&page=2`. */
export interface ListQuery<Column extends string> {
  sort: Column
  descending: boolean
  /** From 1. */
  page: number
  pageSize: number
  offset: number
}

/** Reads it from an address; what is not among `sortable` falls back to `by` ("-receivedAt": newest first). */
export function readListQuery<Column extends string>(
  url: string | URL,
  { sortable, by, pageSize = 40 }: { sortable: readonly Column[]; by: Column | `-${Column}`; pageSize?: number },
): ListQuery<Column> {
  const params = new URL(url).searchParams
  const asked = params.get('sort') ?? by
  const known = sortable.includes(asked.replace(/^-/, '') as Column) ? asked : by
  const page = Math.min(100_000, Math.max(1, Math.trunc(Number(params.get('page'))) || 1))
  return {
    sort: known.replace(/^-/, '') as Column,
    descending: known.startsWith('-'),
    page,
    pageSize,
    offset: (page - 1) * pageSize,
  }
}

/** The same address with some parameters changed; null takes one away. */
export function withParams(search: string, changes: Record<string, string | number | null>): string {
  const params = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name)
    else params.set(name, String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : '?'
}

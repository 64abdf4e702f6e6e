import type { Direction } from '#db/document-list.ts'

/** Parameters of a list's address that make a filter: what is saved under a name. */
export const facetNames = ['state', 'unit', 'kind', 'urgency', 'due', 'from', 'to', 'text'] as const

/** The columns that a list may leave out; the subject always stays. */
export const optionalColumns: Record<Direction, readonly string[]> = {
  incoming: ['date', 'number', 'agency', 'code', 'issued', 'unit', 'due', 'state'],
  outgoing: ['code', 'date', 'signer', 'recipients', 'unit', 'state'],
  internal: ['code', 'date', 'signer', 'recipients', 'unit', 'state'],
}

export const isDirection = (value: unknown): value is Direction =>
  typeof value === 'string' && Object.hasOwn(optionalColumns, value)

/** The filter and the order in an address, without its page. */
export function viewQuery(search: string): string {
  const params = new URLSearchParams(search)
  const kept = [...facetNames, 'sort'].flatMap((name) => {
    const value = params.get(name)
    return value ? [[name, value.slice(0, 200)]] : []
  })
  return new URLSearchParams(kept).toString()
}

/** What a mailbox's address asks for: `?unread=1&find=bao+cao&page=2`. */
export interface MailboxAddress {
  unreadOnly: boolean
  search: string
  /** From 1. */
  page: number
}

const longestSearch = 200

export function readMailboxAddress(url: string | URL): MailboxAddress {
  const params = new URL(url).searchParams
  return {
    unreadOnly: params.get('unread') === '1',
    search: (params.get('find') ?? '').trim().slice(0, longestSearch),
    page: Math.min(100_000, Math.max(1, Math.trunc(Number(params.get('page'))) || 1)),
  }
}

import type { Book } from '#db/registers.ts'

/** So many lines make a volume: what a printer binds, and what is laid out in a second or two. */
export const volumeLines = 1000

/** The book an address names; null for any other word. */
export const bookOf = (name: string | undefined): Book | null =>
  name === 'incoming' || name === 'outgoing' ? name : null

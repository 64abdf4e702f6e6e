const MAX_LENGTH = 150

/** Bidirectional controls make "…fdp.exe" look like "…exe.pdf"; the rest is what some system forbids in a name. */
const UNSAFE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/gu

/** A cut must not go through a character that takes two places. */
const HALF_PAIR = /[\ud800-\udbff]$/

/** What a sender calls a file, made safe as a name on any system: no folders, no control characters, never empty. */
export function attachmentName(given: string | undefined | false, index: number): string {
  const last = (given || '').normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const name = last
    .replace(UNSAFE, '')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .trim()
  if (name === '') return `attachment-${index + 1}`
  // The names of devices, which Windows will not have as files.
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) ? `_${name}` : name
  if (safe.length <= MAX_LENGTH) return safe
  const dot = safe.lastIndexOf('.')
  const extension = dot > 0 && safe.length - dot <= 12 ? safe.slice(dot) : ''
  return safe.slice(0, MAX_LENGTH - extension.length).replace(HALF_PAIR, '') + extension
}

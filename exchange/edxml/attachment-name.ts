/** Names that could leave a folder, hide what they are, or break a header. Bidi marks turn `fdp.exe` round. */
const unsafe = /[\\/\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{fffe}\u{ffff}]/u

/** Why a name cannot be the name of an attachment, in English, or null when it can. At most 255 bytes of UTF-8. */
export function attachmentNameFault(name: string): string | null {
  if (name.trim() === '') return 'empty'
  if (name === '.' || name === '..') return 'a folder'
  if (unsafe.test(name)) return 'slash, control or direction character'
  if (Buffer.byteLength(name) > 255) return 'longer than 255 bytes'
  return null
}

export type NamedAs = { name: string } | { refused: string }

/** Names that Windows gives to devices, with any ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/** Letters that turn the reading around or are not seen: `gnp.exe` could read as `exe.png`. */
const unseen = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/
const longest = 200

/**
 * The name of an uploaded file as it is kept: the last part of a path, NFC, one line, at most 200 characters with its ending.
 * Names that were made to mislead or to leave a folder are refused; what is shown of them is harmless.
 */
export function cleanFileName(sent: string): NamedAs {
  const text = sent.normalize('NFC')
  const steps = text.split(/[/\\]/)
  const plain = (part: string) =>
    part
      .replace(/[\u0000-\u001F\u007F-\u009F]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  const name = plain(steps.at(-1) ?? '')
  const shown = plain(text).replace(new RegExp(unseen, 'g'), '�').slice(0, 80)
  const misleads = text.includes('\0') || unseen.test(text) || steps.includes('..') || devices.test(name)
  const stem = name.replace(/\.[^.]*$/, '')
  if (misleads || /^\.*$/.test(stem) || /[<>:"|?*]/.test(name)) return { refused: shown }
  if (name.length <= longest) return { name }
  const ending = name.slice(name.lastIndexOf('.'))
  return ending.length > 12 ? { refused: shown } : { name: name.slice(0, longest - ending.length).trim() + ending }
}

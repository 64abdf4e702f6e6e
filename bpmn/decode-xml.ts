export interface DecodedXml {
  text: string
  /** The encoding that the bytes are in is none that is known here, or they are not in the one that they say. */
  problem: string | null
}

const MARKS: { bytes: number[]; encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
  // no mark, but "<?" of two bytes each
  { bytes: [0x3c, 0x00, 0x3f, 0x00], encoding: 'utf-16le' },
  { bytes: [0x00, 0x3c, 0x00, 0x3f], encoding: 'utf-16be' },
]

/**
 * The text of an XML file: in the encoding of its byte order mark, else in that of its declaration, else UTF-8 (XML 1.0, 4.3.3 and
 * appendix F). What cannot be read so is read byte by byte, with the problem said.
 */
export function decodeXml(bytes: Uint8Array): DecodedXml {
  const mark = MARKS.find((one) => one.bytes.every((byte, index) => bytes[index] === byte))
  const encoding = mark?.encoding ?? declaredEncoding(bytes) ?? 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), problem: null }
  } catch {
    // RangeError: a label that is no encoding; TypeError: bytes that are not of that encoding
    return { text: new TextDecoder('windows-1252').decode(bytes), problem: encoding }
  }
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 200))
  const said = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(head)?.[1] ?? null
  // the bytes before a declaration that could be read as ASCII are no UTF-16, whatever it says
  return said !== null && /^(utf-?16|ucs-?2|unicode$)/i.test(said) ? 'utf-8' : said
}

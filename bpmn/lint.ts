import { checkBpmn } from './check-file.ts'
import type { Finding } from './finding.ts'
import { decodeXml } from './decode-xml.ts'
import { MAX_XML_LENGTH } from './parse.ts'

/** A file is not even decoded beyond this many bytes. */
export const MAX_FILE_BYTES = 4 * MAX_XML_LENGTH

/**
 * All that is to be said of a BPMN file as it lies on the disk: the standard's rules, and of its executable processes what keeps the
 * engine from running them. Processes that are only drawn are held to the standard alone. Never throws for what is in the file.
 */
export async function lintBpmn(bytes: Uint8Array): Promise<Finding[]> {
  if (bytes.length > MAX_FILE_BYTES) return [tooLarge()]
  const { text, problem } = decodeXml(bytes)
  const { findings } = await checkBpmn(text, { drawings: true, scriptsSupplied: true })
  return problem === null ? findings : [wrongEncoding(problem), ...findings]
}

export function tooLarge(): Finding {
  const megabytes = MAX_FILE_BYTES / 1_000_000
  return {
    rule: 'size',
    severity: 'error',
    elementId: null,
    vi: `Tệp lớn hơn ${megabytes} MB nên không được đọc.`,
    en: `The file is larger than ${megabytes} MB and was not read.`,
  }
}

function wrongEncoding(encoding: string): Finding {
  return {
    rule: 'encoding',
    severity: 'error',
    elementId: null,
    vi: `Tệp không phải là văn bản theo bảng mã ${encoding}; hãy lưu lại bằng UTF-8.`,
    en: `The file is no text in the encoding ${encoding}; save it again as UTF-8.`,
  }
}

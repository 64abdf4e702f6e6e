/** What one message may cost. Sizes in bytes. */
export interface EdxmlLimits {
  /** The edXML file as it comes over the wire. */
  messageBytes: number
  /** One attachment, unpacked. */
  attachmentBytes: number
  /** All attachments of one message, unpacked. */
  attachmentsBytes: number
  attachments: number
  depth: number
  elements: number
  attributesPerElement: number
  /** All text outside attachments, in UTF-16 units. */
  textLength: number
}

const mebibyte = 1024 * 1024

/** 150 MB on the wire is 100 MB of attachments in base64 with line breaks, and the header. */
export const defaultLimits: EdxmlLimits = {
  messageBytes: 150 * mebibyte,
  attachmentBytes: 50 * mebibyte,
  attachmentsBytes: 100 * mebibyte,
  attachments: 200,
  depth: 32,
  elements: 100_000,
  attributesPerElement: 32,
  textLength: 4 * mebibyte,
}

/** `50 MB`, for sentences. */
export function megabytes(bytes: number): string {
  const value = bytes / mebibyte
  return value >= 1 ? `${Math.round(value * 10) / 10} MB` : `${bytes} B`
}

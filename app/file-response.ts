/** `Content-Disposition` with a name in any script (RFC 6266, RFC 5987) and a plain one for old programs. */
export function asDisposition(name: string, inline: boolean): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .replace(/[^\x20-\x7E]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/**
 * The one range a request asks for, both ends included; null for the whole (RFC 9110 §14: several ranges, another unit and an
 * `If-Range` of other content are answered with the whole).
 */
export function readRange(
  headers: Headers,
  { size, etag }: { size: number; etag: string },
): { start: number; end: number } | 'unsatisfiable' | null {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range')?.trim() ?? '')
  if (!asked || (!asked[1] && !asked[2])) return null
  const onlyIf = headers.get('if-range')
  if (onlyIf !== null && onlyIf !== etag) return null
  if (!asked[1]) {
    const last = Number(asked[2])
    return last === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - last), end: size - 1 }
  }
  const start = Number(asked[1])
  const end = asked[2] ? Math.min(Number(asked[2]), size - 1) : size - 1
  if (asked[2] && Number(asked[2]) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}

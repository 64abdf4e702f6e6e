import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfValue } from '../pdf/values.ts'

/**
 * Whether two values are one, reference by reference: references are not followed but told to `follow`, so that what
 * stands behind them is compared too.
 */
export function sameValue(a: PdfValue | undefined, b: PdfValue | undefined, follow: (ref: PdfRef) => void): boolean {
  if (a instanceof PdfRef) {
    if (!(b instanceof PdfRef) || a.number !== b.number || a.generation !== b.generation) return false
    follow(a)
    return true
  }
  if (a instanceof PdfDict) return b instanceof PdfDict && sameEntries(a, b, [], follow)
  if (a instanceof PdfStream)
    return b instanceof PdfStream && Buffer.compare(a.raw, b.raw) === 0 && sameEntries(a.dict, b.dict, [], follow)
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index], follow))
  if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value
  if (a instanceof PdfString) return b instanceof PdfString && Buffer.compare(a.bytes, b.bytes) === 0
  return a === b
}

/** Whether two dictionaries have the same entries, apart from some keys. */
export function sameEntries(a: PdfDict, b: PdfDict, except: string[], follow: (ref: PdfRef) => void): boolean {
  return changedKeys(a, b, follow).every((key) => except.includes(key))
}

/** The keys whose values differ, or that only one of the two has. */
export function changedKeys(a: PdfDict, b: PdfDict, follow: (ref: PdfRef) => void): string[] {
  const keys = new Set([...a.entries.keys(), ...b.entries.keys()])
  return [...keys].filter((key) => !sameValue(a.get(key), b.get(key), follow))
}

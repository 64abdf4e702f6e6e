/** Places in an older and a newer list of what is the same thing; null on the side that has it not. */
export interface Pair {
  before: number | null
  after: number | null
  /** It stands elsewhere among those that both lists have. */
  moved: boolean
}

/**
 * Finds again in the newer list what the older one has: by id, and what is left by its content (null: like nothing else). In the
 * order of the newer list, with what is gone where it was.
 */
export function pairUp<T>(
  old: readonly T[],
  now: readonly T[],
  idOf: (one: T) => string,
  contentOf: (one: T, side: 'before' | 'after') => string | null,
): Pair[] {
  const found = new Map<number, number>()
  const taken = new Set<number>()
  const match = (keyOf: (one: T, side: 'before' | 'after') => string | null) => {
    const places = new Map<string, number[]>()
    old.forEach((one, at) => {
      const key = taken.has(at) ? null : keyOf(one, 'before')
      if (key !== null) places.set(key, [...(places.get(key) ?? []), at])
    })
    now.forEach((one, at) => {
      const key = found.has(at) ? null : keyOf(one, 'after')
      const before = key === null ? undefined : places.get(key)?.shift()
      if (before === undefined) return
      found.set(at, before)
      taken.add(before)
    })
  }
  match(idOf)
  match(contentOf)
  const still = longestRise(now.flatMap((_, at) => found.get(at) ?? []))
  const pairs: Pair[] = now.map((_, at) => {
    const before = found.get(at) ?? null
    return { before, after: at, moved: before !== null && !still.has(before) }
  })
  old.forEach((_, at) => {
    if (taken.has(at)) return
    const earlier = pairs.findLastIndex(({ before }) => before !== null && before < at)
    pairs.splice(earlier + 1, 0, { before: at, after: null, moved: false })
  })
  return pairs
}

/** The most numbers that rise in the order given: what did not move. */
function longestRise(numbers: number[]): Set<number> {
  const ends: number[] = []
  const previous = new Map<number, number | undefined>()
  for (const number of numbers) {
    const found = ends.findIndex((end) => end >= number)
    const at = found < 0 ? ends.length : found
    previous.set(number, ends[at - 1])
    ends[at] = number
  }
  const rise = new Set<number>()
  for (let at = ends.at(-1); at !== undefined; at = previous.get(at)) rise.add(at)
  return rise
}

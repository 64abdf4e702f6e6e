import { useEffect, useState } from 'react'
import type { Assignee } from '#db/flow-directory.ts'

/** Whom the directory knows; null while the server is away. `query`: `q=…` to search, `of=…` to name. */
export async function fetchAssignees(query: string, signal: AbortSignal): Promise<Assignee[] | null> {
  try {
    const answer = await fetch(`/flows/directory?${query}`, { signal })
    return answer.ok ? ((await answer.json()) as Assignee[]) : null
  } catch (error) {
    if (signal.aborted || error instanceof TypeError) return null
    throw error
  }
}

/** Names of relations (`role:…`, `unit:…:head`, `post:…`) by their keys, as far as they are known yet. */
export function useNamesOf(keys: readonly string[]): ReadonlyMap<string, string> {
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  const unknown = [...new Set(keys)].filter((key) => !names.has(key)).join(',')
  useEffect(() => {
    if (unknown === '') return
    const stop = new AbortController()
    void fetchAssignees(`of=${encodeURIComponent(unknown)}`, stop.signal).then((found) => {
      if (found) setNames((before) => new Map([...before, ...found.map(({ key, name }) => [key, name] as const)]))
    })
    return () => stop.abort()
  }, [unknown])
  return names
}

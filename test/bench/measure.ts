import { readdirSync, readFileSync } from 'node:fs'

export interface Spread {
  p50: number
  p95: number
  p99: number
}

/** Percentiles in ms, rounded to hundredths. */
export function spread(samples: number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

export const round = (value: number) => Math.round(value * 100) / 100

/** Times one asynchronous call, in ms, into a list. */
export async function timed<T>(samples: number[], call: () => Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    return await call()
  } finally {
    samples.push(performance.now() - start)
  }
}

/** CPU ms that a process and all its descendants have used, those included that have ended and been waited for. */
export function treeCpuMs(rootPid: number): number {
  const children = new Map<number, number[]>()
  const ticks = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    let stat: string
    try {
      stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
    } catch {
      // The process ended between the listing and the reading.
      continue
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [parent, own, waited] = [
      Number(fields[1]),
      Number(fields[11]) + Number(fields[12]),
      Number(fields[13]) + Number(fields[14]),
    ]
    const pid = Number(entry)
    ticks.set(pid, own + waited)
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  let total = 0
  const open = [rootPid]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    total += ticks.get(pid) ?? 0
    open.push(...(children.get(pid) ?? []))
  }
  // USER_HZ is 100 on Linux.
  return total * 10
}

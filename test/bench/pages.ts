import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { demonstrationPassword } from '#app/demonstration-password.ts'
import { projectRoot } from '#app/start/parts.ts'
import { build, needsBuild } from '#app/start/web-build.ts'
import { startMinistry } from '#test/fixtures/running-ministry.ts'
import { WebSession, type WebAnswer } from '#test/fixtures/web-session.ts'
import { round, spread, type Spread } from './measure.ts'

/** One of each kind of work: what each sees of a page differs. */
const ROLES = ['vanthu', 'chanhvp', 'botruong', 'tmdt.truong', 'tmdt.cv', 'theodoi', 'quantri']
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** How far from the home page links are followed. */
const DEPTH = 3
/** A stream that does not end, and what changes something. */
const NOT_PAGES = /^\/(events|sign-out|act-as|preferences|assets|pdfjs)\b/

interface Measured {
  role: string
  page: string
  ms: Spread
  queries: number
  bytes: number
  scripts: number
  scriptBytes: number
  scriptBytesGzip: number
}

/**
 * The server's own time for every page that people of each role can get to, on the demonstration data, as `Server-Timing`
 * says it: `rounds` requests each, one client. And how long the start takes until everything is up.
 */
export async function benchPages(options: { rounds?: number } = {}): Promise<Record<string, unknown>> {
  const { rounds = 40 } = options
  if (needsBuild(projectRoot)) await build(projectRoot, path.join(tmpdir(), 'imoit-bench-build.log'))
  const began = performance.now()
  const ministry = await startMinistry()
  const startSeconds = (performance.now() - began) / 1000
  try {
    const scripts = new Scripts(ministry.webUrl)
    const pages: Measured[] = []
    const all: number[] = []
    for (const role of ROLES) {
      const session = new WebSession(ministry.webUrl, role, demonstrationPassword)
      for (const [pattern, address] of await pagesOf(session)) {
        const samples: number[] = []
        let last: WebAnswer | undefined
        // The first few make the caches and the compiled code warm, as a working day has them.
        for (let index = -3; index < rounds; index += 1) {
          last = await session.get(address)
          if (last.status !== 200) throw new Error(`${role} ${address}: ${last.status}`)
          if (index >= 0) samples.push(timing(last).total)
        }
        if (!last) continue
        all.push(...samples)
        const { queries } = timing(last)
        const size = Buffer.byteLength(last.html)
        pages.push({ role, page: pattern, ms: spread(samples), queries, bytes: size, ...(await scripts.of(last.html)) })
      }
    }
    const floor: number[] = []
    const visitor = new WebSession(ministry.webUrl, ROLES[0] ?? '', demonstrationPassword)
    for (let index = 0; index < rounds * 5; index += 1) floor.push(timing(await visitor.get('/icon.svg')).total)
    const overall = spread(all)
    const slowest = [...pages].sort((one, other) => other.ms.p95 - one.ms.p95)
    return {
      start_seconds: round(startSeconds),
      pages: pages.length,
      requests: all.length,
      server_ms: overall,
      slowest_page_ms: slowest[0]?.ms,
      slowest_page: slowest[0] && `${slowest[0].role} ${slowest[0].page}`,
      over_100_ms_at_p95: slowest.filter(({ ms }) => ms.p95 > 100).map(({ role, page }) => `${role} ${page}`),
      floor_ms: spread(floor),
      ratio_to_floor: round(overall.p50 / Math.max(0.01, spread(floor).p50)),
      most_queries: Math.max(...pages.map(({ queries }) => queries)),
      most_html_bytes: Math.max(...pages.map(({ bytes }) => bytes)),
      most_script_bytes_gzip: Math.max(...pages.map(({ scriptBytesGzip }) => scriptBytesGzip)),
      by_page: slowest,
    }
  } finally {
    await ministry.stop()
  }
}

/** `total;dur=12.3, db;dur=4.5;desc="3 queries"` */
function timing(answer: WebAnswer): { total: number; queries: number } {
  const said = answer.headers.get('server-timing') ?? ''
  const total = /total;dur=([\d.]+)/.exec(said)?.[1]
  if (total === undefined) throw new Error(`no Server-Timing: ${said}`)
  return { total: Number(total), queries: Number(/desc="(\d+) quer/.exec(said)?.[1] ?? 0) }
}

/** Every page that links lead to from the home page, one of each kind: its pattern and an address. */
async function pagesOf(session: WebSession): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let frontier = ['/']
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next: string[] = []
    for (const address of frontier) {
      const pattern = address.replace(UUID, ':id').replace(/[?#].*$/, '')
      if (found.has(pattern) || NOT_PAGES.test(address)) continue
      const answer = await session.get(address)
      // A link that leads on to another page: that one is measured.
      if (answer.status !== 200) continue
      found.set(pattern, address)
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
      for (const [, link] of answer.html.matchAll(/<a [^>]*?href="(\/[^"#]*)"/g))
        if (link !== undefined) next.push(link.replaceAll('&amp;', '&'))
    }
    frontier = next
  }
  return found
}

/** What a page makes the browser load, each file fetched once. */
class Scripts {
  readonly #sizes = new Map<string, Promise<{ bytes: number; gzip: number }>>()

  constructor(readonly origin: string) {}

  async of(html: string): Promise<{ scripts: number; scriptBytes: number; scriptBytesGzip: number }> {
    const named = [...html.matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, address]) => address ?? '')
    const sizes = await Promise.all([...new Set(named)].map((address) => this.#size(address)))
    return {
      scripts: sizes.length,
      scriptBytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      scriptBytesGzip: sizes.reduce((sum, { gzip }) => sum + gzip, 0),
    }
  }

  #size(address: string): Promise<{ bytes: number; gzip: number }> {
    const known = this.#sizes.get(address)
    if (known) return known
    const asking = fetch(new URL(address, this.origin)).then(async (answer) => {
      const content = Buffer.from(await answer.arrayBuffer())
      return { bytes: content.byteLength, gzip: gzipSync(content).byteLength }
    })
    this.#sizes.set(address, asking)
    return asking
  }
}

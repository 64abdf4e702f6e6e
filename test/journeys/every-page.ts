import { readdirSync, readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, it } from 'vitest'
import type { Office } from './office.ts'

/** The main pages, each with somebody who may see it. `task`: the first in their list. */
const PAGES: [username: string, ...addresses: string[]][] = [
  [
    'vanthu',
    '/',
    'task',
    '/documents/incoming',
    '/documents/outgoing',
    '/registers/incoming',
    '/registers/outgoing',
    '/receive',
  ],
  ['thutruong1', 'task', '/given', '/monitor', '/signing'],
  ['tmdt.cv', '/', 'task', 'document', '/documents/internal', '/search?q=bao+cao', '/mail', 'letter', '/notices/new'],
  ['tmdt.cv', '/outgoing/new', '/slips/new', '/opinions/new'],
  [
    'quantri',
    '/administration',
    '/administration/incidents',
    '/administration/cases',
    'administered',
    '/administration/migrations',
    '/administration/people',
    '/administration/certificates',
    '/administration/delegations',
    '/administration/authorities',
    '/flows',
    'flow',
  ],
]
const FIRST: Record<string, [page: string, link: string]> = {
  task: ['/', 'main tbody .row-link'],
  document: ['/documents/incoming', 'main tbody .row-link'],
  letter: ['/mail', '.mail-row'],
  flow: ['/flows', 'main a[href^="/flows/"]'],
  administered: ['/administration/cases', 'main tbody .row-link'],
}

/** Queries that a page may ask the database, the session's and the frame's included. More is a decision, not an accident. */
const MOST_QUERIES: Record<string, number> = {
  '/': 7,
  // A seal takes the most: what can be chosen, the next numbers, and who may sign with which certificate.
  task: 20,
  document: 16,
  letter: 8,
  flow: 7,
  '/monitor': 6,
  '/signing': 8,
  '/outgoing/new': 7,
  '/documents/incoming': 5,
  '/documents/outgoing': 5,
  '/documents/internal': 5,
  '/administration': 8,
  '/administration/cases': 5,
  administered: 8,
  '/administration/incidents': 6,
  '/administration/people': 5,
  '/administration/certificates': 5,
  '/administration/delegations': 6,
  '/administration/authorities': 5,
}
const MOST_QUERIES_ELSEWHERE = 4

/** Pages that between them have every part there is, for the other colour scheme. */
const inTheDark = new Set([
  '/',
  'task',
  'document',
  'letter',
  '/monitor',
  '/registers/incoming',
  '/search?q=bao+cao',
  '/administration',
  '/administration/certificates',
])

/** What holds for all of them, as people meet them: with a screen reader, in the dark, on a phone, in Vietnamese. */
export function everyPage(theOffice: () => Office): void {
  for (const [username, ...addresses] of PAGES) {
    it(`of ${username} is fit for everyone`, async () => {
      const { page } = await theOffice().person(username)
      const faults: string[] = []
      for (const address of addresses) {
        const first = FIRST[address]
        let response = await page.goto(first ? first[0] : address)
        if (first) {
          const href = await page.locator(first[1]).first().getAttribute('href')
          response = await page.goto(href ?? '')
        }
        const asked = Number(/db;.*desc="(\d+) quer/.exec(response?.headers()['server-timing'] ?? '')?.[1] ?? NaN)
        // Once a minute a page is the one that reads the office's calendar anew.
        const most = (MOST_QUERIES[address] ?? MOST_QUERIES_ELSEWHERE) + 1
        if (!(asked <= most)) faults.push(`${address} asks the database ${asked} times, at most ${most} are meant`)
        await page.locator('main h1').first().waitFor()
        if ((await page.locator('.flow-canvas').count()) > 0) await page.locator('.flow-canvas[data-drawn]').waitFor()
        const path = new URL(page.url()).pathname

        const schemes = inTheDark.has(address) ? (['light', 'dark'] as const) : (['light'] as const)
        for (const scheme of schemes) {
          await page.emulateMedia({ colorScheme: scheme })
          await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' })
          // The drawn flow stands beside as a list. Legacy: without a blank page for each look; no page has frames.
          const axe = new AxeBuilder({ page }).exclude('.flow-canvas').setLegacyMode(true)
          // Colours are all that the other scheme changes.
          if (scheme === 'dark') axe.withRules(['color-contrast'])
          for (const { id, impact, nodes } of (await axe.analyze()).violations) {
            if (impact === 'serious' || impact === 'critical')
              faults.push(`${path} ${scheme}: ${id} ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
          }
        }
        await page.emulateMedia({ colorScheme: 'light' })

        faults.push(...foreignWords(await page.locator('body').innerText()).map((words) => `${path}: "${words}"`))

        await page.setViewportSize({ width: 390, height: 844 })
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        if (width > 390) faults.push(`${path} is ${width} px wide on a phone`)
        await page.setViewportSize({ width: 1440, height: 900 })
      }
      expect(faults).toEqual([])
    }, 180_000)
  }

  it('works in English for whoever chooses it', async () => {
    const { page } = await theOffice().person('quantri')
    await page.goto('/')
    await page.locator('.top-language button', { hasText: 'EN' }).click()
    await page.locator('html[lang=en]').waitFor({ state: 'attached' })
    // The page comes in pieces.
    await page.locator('nav.side a', { hasText: 'Administration' }).waitFor()
    await page.locator('.top-language button', { hasText: 'VI' }).click()
    await page.locator('html[lang=vi]').waitFor({ state: 'attached' })
  })
}

const translations = new URL('../../app/translations/', import.meta.url)

/** Every text of a language by its key. */
function textsOf(language: 'vi' | 'en'): Map<string, string> {
  const texts = new Map<string, string>()
  const read = (value: unknown, key: string) => {
    if (typeof value === 'string') texts.set(key, value)
    else for (const [name, each] of Object.entries(value as object)) read(each, `${key}.${name}`)
  }
  const folder = new URL(`${language}/`, translations)
  for (const name of readdirSync(folder))
    read(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object, name.replace('.json', ''))
  return texts
}

const vietnamese = new Set(textsOf('vi').values())
const english = textsOf('en')
/** English words that are no Vietnamese ones, and keys that stand for a missing text. */
const foreign = new Set(
  [...english]
    .flatMap(([key, text]) => [text, key.slice(key.indexOf('.') + 1).replace(/_(one|other)$/, '')])
    .filter((text) => /^[a-zA-Z][\w .,'’–-]{3,}$/.test(text) && !vietnamese.has(text))
    // A key of one small word may be a word of a demonstration's file name or user name.
    .filter((text) => text.includes(' ') || text.includes('.') || /^[A-Z]/.test(text)),
)

/** Lines of a Vietnamese page that are not Vietnamese. */
function foreignWords(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => foreign.has(line))
}

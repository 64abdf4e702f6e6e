import { openBrowser, signIn } from '#test/fixtures/browser.ts'
import { largeFlow } from '#test/fixtures/large-flow.ts'
import { startMinistry } from '#test/fixtures/running-ministry.ts'
import { spread } from './measure.ts'

/**
 * How long the designer takes to open a flow of 200 elements in Chromium: from the address until the drawing can be worked on,
 * `rounds` times in a browser that has been there before, and once in one that has not.
 */
export async function benchDesigner(
  options: { rounds?: number; elements?: number } = {},
): Promise<Record<string, unknown>> {
  const { rounds = 7, elements = 200 } = options
  const ministry = await startMinistry()
  const browser = await openBrowser()
  try {
    const page = await signIn(browser, 'quantri', { webUrl: ministry.webUrl })
    await page.goto('/flows/drafts')
    await page.locator('input[name=file]').setInputFiles({
      name: 'lon.bpmn',
      mimeType: 'text/xml',
      buffer: Buffer.from(largeFlow('large-flow', elements)),
    })
    await page.getByRole('button', { name: 'Nhập tệp' }).click()
    await page.locator('.designer[data-open]').waitFor()
    const draft = new URL(page.url()).pathname
    const samples: number[] = []
    for (let round = 0; round < rounds; round++) {
      await page.goto('about:blank')
      const began = performance.now()
      await page.goto(draft, { waitUntil: 'commit' })
      await page.locator('.designer[data-open]').waitFor()
      samples.push(performance.now() - began)
    }
    const fresh = await signIn(browser, 'quantri', { webUrl: ministry.webUrl })
    const began = performance.now()
    await fresh.goto(draft, { waitUntil: 'commit' })
    await fresh.locator('.designer[data-open]').waitFor()
    return { elements, rounds, opened_ms: spread(samples), first_visit_ms: Math.round(performance.now() - began) }
  } finally {
    await browser.close()
    await ministry.stop()
  }
}

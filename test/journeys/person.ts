import type { Locator, Page } from 'playwright-core'
import { until } from '#test/fixtures/until.ts'

/** Somebody who works at a window: finds a task, fills its form, ends it. */
export class Person {
  /** Errors of the pages' scripts; a journey expects none. */
  readonly errors: string[] = []

  constructor(
    readonly page: Page,
    readonly username: string,
  ) {
    page.on('pageerror', (error) => this.errors.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      // What a page refuses on purpose the browser reports, too.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.errors.push(`${page.url()}: ${message.text()}`)
    })
  }

  /** The line of the home list about a document, once it is there. @param ask what is asked, where several are */
  waiting(code: string, { ask = '', limit = 15_000 } = {}): Promise<Locator> {
    return until(
      `${code} waits for ${this.username}`,
      async () => {
        await this.page.goto('/')
        for (;;) {
          const row = this.page.locator('main tbody tr', { hasText: code }).filter({ hasText: ask })
          if ((await row.count()) > 0) return row.first()
          const next = this.page.locator('main nav a[rel=next]')
          if ((await next.count()) === 0) return null
          await this.page.goto(new URL((await next.getAttribute('href')) ?? '', this.page.url()).href)
        }
      },
      limit,
    )
  }

  /** Opens a document's task from the home list. */
  async open(code: string, options?: { ask?: string }): Promise<void> {
    const row = await this.waiting(code, options)
    await row.locator('.row-link').click()
    await this.page.waitForURL('**/tasks/*')
    await this.form.waitFor()
  }

  get form(): Locator {
    return this.page.locator('form.task-form')
  }

  field(name: string): Locator {
    return this.form.locator(`[name=${name}]`)
  }

  /** Marks one of several boxes. */
  async choose(name: string, value: string): Promise<void> {
    await this.form.locator(`[name=${name}][value="${value}"]`).check()
  }

  /** Chooses a colleague by name. */
  async chooseColleague(name: string, fullName: string): Promise<void> {
    await this.form.locator('label', { hasText: fullName }).locator(`input[name=${name}]`).check()
  }

  /**
   * Ends the task and waits for the word about it. @param fill what an outcome beside the usual one needs, once its part
   * of the form is open
   * @returns what the page says was done
   */
  async decide(outcome: string, fill?: () => Promise<void>): Promise<string> {
    const words = `button[name=outcome][value=${outcome}]`
    const button = this.form.locator(words)
    const other = this.form.locator('details.confirm', { has: this.page.locator(words) })
    if ((await other.count()) > 0 && (await other.getAttribute('open')) === null) await other.locator('summary').click()
    await fill?.()
    await button.click()
    await this.page.waitForURL(/[?&]done=/)
    return (await this.page.locator('.done-banner').textContent()) ?? ''
  }

  /** Waits until a PDF of the page is drawn: dark dots on a canvas. @returns how many there are */
  pdfDots(): Promise<number> {
    return until(
      'the PDF is drawn',
      () =>
        this.page
          .evaluate(() => {
            const canvas = document.querySelector<HTMLCanvasElement>('.pdf-page canvas')
            if (!canvas || canvas.width === 0) return 0
            const dots = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
            let dark = 0
            for (let at = 0; at < dots.length; at += 4)
              if ((dots[at + 3] ?? 0) > 128 && (dots[at] ?? 255) < 128) dark += 1
            return dark
          })
          .then((dark) => dark > 500 && dark),
      20_000,
    )
  }

  /** The elements of the flow that its diagram marks so. */
  async marked(as: 'active' | 'done'): Promise<string[]> {
    await this.page.locator('.flow-canvas[data-drawn]').waitFor()
    return this.page
      .locator(`.flow-canvas .djs-element.flow-${as}`)
      .evaluateAll((drawn) => drawn.map((element) => element.getAttribute('data-element-id') ?? ''))
  }
}

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { openBrowser, signIn } from '#test/fixtures/browser.ts'
import { startMinistry, type RunningMinistry } from '#test/fixtures/running-ministry.ts'
import { webIsBuilt } from '#test/servers.ts'
import { Person } from './person.ts'
import { WebClient } from './web-client.ts'

/** The running ministry, a browser, and everybody's place at it. */
export class Office {
  private readonly people = new Map<string, Promise<Person>>()
  private readonly clients = new Map<string, Promise<WebClient>>()

  private constructor(
    readonly ministry: RunningMinistry,
    readonly browser: Browser,
  ) {}

  static async open(): Promise<Office> {
    // First, as a machine without one need not bring up anything to say so.
    const browser = await openBrowser()
    try {
      await webIsBuilt()
      return new Office(await startMinistry(), browser)
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  /** Somebody at their window, signed in; one window each. */
  person(username: string): Promise<Person> {
    let person = this.people.get(username)
    if (!person) {
      person = signIn(this.browser, username, { webUrl: this.ministry.webUrl }).then(
        (page) => new Person(page, username),
      )
      this.people.set(username, person)
    }
    return person
  }

  /** Somebody whose browser runs no scripts: links and forms only. */
  client(username: string): Promise<WebClient> {
    let client = this.clients.get(username)
    if (!client) {
      client = WebClient.signIn(this.ministry.webUrl, username)
      this.clients.set(username, client)
    }
    return client
  }

  /** What everybody sees at this moment, kept in `JOURNEY_PICTURES` when that is set: for whoever looks for a fault. */
  async picture(name: string): Promise<void> {
    const folder = process.env.JOURNEY_PICTURES
    if (!folder) return
    await mkdir(folder, { recursive: true })
    for (const person of await Promise.all(this.people.values()))
      await person.page.screenshot({ path: path.join(folder, `${name}-${person.username}.png`), fullPage: true })
  }

  /** What the scripts of everybody's pages have complained about. */
  async scriptErrors(): Promise<string[]> {
    return (await Promise.all(this.people.values())).flatMap(({ errors }) => errors)
  }

  async close(): Promise<void> {
    await this.browser.close()
    await this.ministry.stop()
  }
}

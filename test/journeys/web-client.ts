import { demonstrationPassword } from '#app/demonstration-password.ts'

/** One person's browser without scripts: follows links and posts forms as the pages carry them. */
export class WebClient {
  private cookies = new Map<string, string>()

  private constructor(
    private readonly webUrl: string,
    readonly username: string,
  ) {}

  static async signIn(webUrl: string, username: string): Promise<WebClient> {
    const client = new WebClient(webUrl, username)
    const answer = await client.post('/sign-in', { username, password: demonstrationPassword, next: '/' })
    if (answer.status !== 302) throw new Error(`${username} was not let in: ${answer.status}`)
    return client
  }

  get(at: string): Promise<Response> {
    return this.ask(at, { method: 'GET' })
  }

  /** The page's HTML. Throws when it is refused. */
  async page(at: string): Promise<string> {
    const answer = await this.get(at)
    if (!answer.ok) throw new Error(`${at}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }

  /** Posts a form; with a Blob in it as multipart. Redirects are not followed. */
  post(at: string, fields: Record<string, string | readonly string[] | Blob>): Promise<Response> {
    const files = Object.values(fields).some((value) => value instanceof Blob)
    const body = files ? new FormData() : new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Blob) (body as FormData).append(name, value, (value as File).name)
      else for (const each of typeof value === 'string' ? [value] : value) body.append(name, each)
    }
    return this.ask(at, { method: 'POST', body })
  }

  /** The address of the task that waits in the home list with all these words in its line; null without one. */
  async waiting(...words: string[]): Promise<string | null> {
    for (let page = 1; page < 40; page += 1) {
      const html = await this.page(`/?page=${page}`)
      const rows = html.match(/<tr[\s\S]*?<\/tr>/g) ?? []
      const row = rows.find((each) => words.every((word) => each.includes(word)))
      const found = row && /href="(\/tasks\/[^"?]+)"/.exec(row)?.[1]
      if (found) return found
      if (!html.includes('rel="next"')) return null
    }
    return null
  }

  /** Ends a task with what its form carries beside the given fields: the form's own id. */
  async complete(task: string, fields: Record<string, string | readonly string[]>): Promise<Response> {
    return this.post(task, { key: formKey(await this.page(task)), ...fields })
  }

  private async ask(at: string, init: RequestInit): Promise<Response> {
    const response = await fetch(new URL(at, this.webUrl), {
      ...init,
      redirect: 'manual',
      headers: {
        origin: this.webUrl,
        accept: 'text/html',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.cookies.set(name, value)
    }
    return response
  }
}

/** The id that a task's page gave its form. */
export function formKey(html: string): string {
  const tag = /<input[^>]*name="key"[^>]*>/.exec(html)?.[0]
  const key = /value="([^"]+)"/.exec(tag ?? '')?.[1]
  if (!key) throw new Error('the page has no form of a task')
  return key
}

/** The value of the box beside somebody's name. */
export function idOfPerson(html: string, fullName: string): string {
  const at = html.indexOf(`>${fullName}`)
  const boxes = [...html.slice(0, at).matchAll(/<input[^>]*type="radio"[^>]*value="([^"]+)"[^>]*>/g)]
  const [, beside] = boxes.at(-1) ?? []
  if (at < 0 || !beside) throw new Error(`${fullName} cannot be chosen here`)
  return beside
}

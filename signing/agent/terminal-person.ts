import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Person } from './agent.ts'

/** Asks the person at the terminal in which the agent runs. The PIN is not echoed. */
export function terminalPerson(language: 'vi' | 'en'): Person {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  return {
    async approve({ origin, certificate, documents, warning }) {
      const lines = [
        '',
        say(
          `${origin} đề nghị ký ${documents.length} văn bản bằng chứng thư:`,
          `${origin} asks to sign ${documents.length} document(s) as:`,
        ),
        `  ${certificate.subject.commonName} (${certificate.serial})`,
        ...documents.map(({ name, documentDigest }) => `  • ${plain(name)}  ${documentDigest.slice(0, 16)}…`),
        ...(warning ? [`! ${warning[language]}`] : []),
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
      const pin = await askHidden(say('Mã PIN (để trống để từ chối): ', 'PIN (leave empty to refuse): '))
      return pin === '' ? 'refused' : { pin }
    },
  }
}

/** A document's name comes from a page: nothing in it may move the terminal's cursor. */
function plain(name: string): string {
  return name.replace(/\p{C}/gu, '�')
}

function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY })
  process.stdout.write(question)
  return new Promise((resolve) => {
    lines.once('close', () => resolve(''))
    lines.question('', (answer) => {
      process.stdout.write('\n')
      resolve(answer)
      lines.close()
    })
  })
}

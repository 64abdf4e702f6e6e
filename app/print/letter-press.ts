import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Letter } from './letter-paper.ts'

interface Order {
  id: number
  neededAt: number
  letter: Letter
  resolve: (pdf: Buffer) => void
  reject: (error: Error) => void
}

/**
 * Prints many letters in a process of its own, the one needed soonest first, while the caller goes on with other work. Close it
 * when done.
 */
export class LetterPress {
  private readonly worker = fork(fileURLToPath(new URL('./letter-press.process.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    serialization: 'advanced',
  })
  private readonly waiting: Order[] = []
  private printing: Order | null = null
  private orders = 0

  constructor() {
    this.worker.on('message', ({ pdf, error }: { pdf?: Uint8Array; error?: string }) => {
      const order = this.printing
      this.printing = null
      if (pdf) order?.resolve(Buffer.from(pdf))
      else order?.reject(new Error(error))
      this.next()
    })
    const ended = (error: Error) => {
      for (const order of [this.printing, ...this.waiting.splice(0)]) order?.reject(error)
      this.printing = null
    }
    this.worker.on('error', ended)
    this.worker.on('exit', (code) => ended(new Error(`the letter press ended with ${code ?? 'a signal'}`)))
  }

  /** The letter's PDF. `neededAt` is any measure of time: smaller ones are printed first. */
  print(letter: Letter, neededAt: number): Promise<Buffer> {
    const printed = new Promise<Buffer>((resolve, reject) => {
      this.waiting.push({ id: (this.orders += 1), neededAt, letter, resolve, reject })
      this.next()
    })
    // An order that nobody comes for any more must not end the process; whoever waits for it still learns of it.
    printed.catch(() => undefined)
    return printed
  }

  async close(): Promise<void> {
    if (this.worker.exitCode !== null || this.worker.signalCode !== null) return
    const ended = once(this.worker, 'exit')
    this.worker.disconnect()
    await ended
  }

  private next(): void {
    if (this.printing || this.waiting.length === 0) return
    this.waiting.sort((a, b) => a.neededAt - b.neededAt || a.id - b.id)
    this.printing = this.waiting.shift() ?? null
    if (this.printing) this.worker.send({ letter: this.printing.letter })
  }
}

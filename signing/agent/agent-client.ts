import type { AgentAnswer, AgentFault, DocumentToSign } from './protocol.ts'

/** As much of a WebSocket as the agent needs: the browser's own, or `ws` in Node. */
export interface AgentSocket {
  send(data: string): void
  close(): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
}

/** The agent could not be asked, or refused. A value: the page shows its sentence. */
export class AgentError extends Error implements AgentFault {
  override readonly name = 'AgentError'
  readonly code: string
  readonly vi: string
  readonly en: string
  constructor(fault: AgentFault) {
    super(fault.en)
    this.code = fault.code
    this.vi = fault.vi
    this.en = fault.en
  }
}

const NOT_RUNNING: AgentFault = {
  code: 'agent-not-running',
  vi: 'Không thấy chương trình ký trên máy này. Hãy mở chương trình ký iMOIT (và cho phép trang này kết nối nếu trình duyệt hỏi), rồi thử lại. Chưa ký gì.',
  en: 'The signing program does not run on this machine. Start the iMOIT signing program (and allow this page to connect if the browser asks), then try again. Nothing was signed.',
}
const BROKEN_OFF: AgentFault = {
  code: 'agent-gone',
  vi: 'Chương trình ký trên máy đã dừng giữa chừng. Những văn bản đã ký xong vẫn được giữ; hãy mở lại chương trình và ký tiếp phần còn lại.',
  en: 'The signing program stopped halfway. What was signed is kept; start it again and go on with the rest.',
}

export interface SignedOne {
  id: string
  /** base64 */
  value?: string
  fault?: AgentFault
}

/** A conversation with the agent. Runs in the browser: no Node in here. */
export class AgentClient {
  private waiting = new Map<string, { take: (answer: AgentAnswer) => void; fail: (fault: AgentFault) => void }>()

  private constructor(private readonly socket: AgentSocket) {
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as AgentAnswer
      if (answer.type === 'hello') return
      if (answer.nonce !== undefined) this.waiting.get(answer.nonce)?.take(answer)
      // What the agent could not read has no nonce: it was one of ours all the same.
      else for (const { fail } of this.waiting.values()) fail(answer.type === 'refused' ? answer.fault : BROKEN_OFF)
    })
    socket.addEventListener('close', () => {
      for (const { fail } of this.waiting.values()) fail(BROKEN_OFF)
      this.waiting.clear()
    })
  }

  /** Connects; throws AgentError `agent-not-running` where nobody answers. */
  static connect(socket: AgentSocket): Promise<AgentClient> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new AgentError(NOT_RUNNING))
      socket.addEventListener('open', () => resolve(new AgentClient(socket)))
      socket.addEventListener('error', fail)
      socket.addEventListener('close', fail)
    })
  }

  /** The certificates on the signer's token, DER in base64. `nonce`: 32 to 64 hexadecimal digits, never used before. */
  certificates(nonce: string): Promise<Extract<AgentAnswer, { type: 'certificates' }>> {
    return this.ask(nonce, { type: 'certificates', nonce }, (answer, resolve) => {
      if (answer.type === 'certificates') resolve(answer)
    })
  }

  /** Has the signer sign; `onEach` hears of every document as it is done. Resolves when all are. */
  sign(
    nonce: string,
    certificate: string,
    documents: DocumentToSign[],
    onEach: (one: SignedOne) => void = () => undefined,
  ): Promise<{ signed: number; failed: number }> {
    return this.ask(nonce, { type: 'sign', nonce, certificate, documents }, (answer, resolve) => {
      if (answer.type === 'signed') onEach({ id: answer.id, value: answer.value })
      else if (answer.type === 'failed') onEach({ id: answer.id, fault: answer.fault })
      else if (answer.type === 'done') resolve({ signed: answer.signed, failed: answer.failed })
    })
  }

  close(): void {
    this.socket.close()
  }

  private ask<T>(
    nonce: string,
    request: object,
    take: (answer: AgentAnswer, resolve: (value: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = () => this.waiting.delete(nonce)
      const fail = (fault: AgentFault) => {
        done()
        reject(new AgentError(fault))
      }
      this.waiting.set(nonce, {
        fail,
        take: (answer) => {
          if (answer.type === 'refused') fail(answer.fault)
          else
            take(answer, (value) => {
              done()
              resolve(value)
            })
        },
      })
      this.socket.send(JSON.stringify(request))
    })
  }
}

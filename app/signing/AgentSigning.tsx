import { Button } from '@mantine/core'
import { useRevalidator } from '@remix-run/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '#db/refusal.ts'
import { AgentClient, AgentError, type SignedOne } from '#signing/agent/agent-client.ts'
import { useSentence } from '../viewer.ts'
import type { AgentOrders, AgentValue } from './agent-orders.ts'

/** Values that go to the server in one request. */
const AT_ONCE = 10

type Phase = { at: 'idle' } | { at: 'preparing' } | { at: 'asking'; signed: number; of: number } | { at: 'sending' }

/** Signs what is left with the token at this machine: the server gives the digests, the signing program asks the person and signs. */
export function AgentSigning({ listId, count, agentUrl }: { listId: string; count: number; agentUrl: string }) {
  const { t } = useTranslation('signing')
  const say = useSentence()
  const { revalidate } = useRevalidator()
  const [phase, setPhase] = useState<Phase>({ at: 'idle' })
  const [fault, setFault] = useState<Sentence | null>(null)

  const sign = async () => {
    setFault(null)
    let client: AgentClient | undefined
    try {
      // Whether the signing program is there is known before anything is prepared.
      client = await AgentClient.connect(new WebSocket(agentUrl))
      setPhase({ at: 'preparing' })
      const orders = await post<AgentOrders>(listId, { ask: 'orders' })
      const of = orders.documents.length
      if (of === 0) return
      setPhase({ at: 'asking', signed: 0, of })
      const sending = sender(listId)
      let signed = 0
      await client
        .sign(newNonce(), orders.certificate, orders.documents, (one) => {
          signed += 1
          setPhase({ at: 'asking', signed, of })
          sending.take(one)
        })
        .finally(() => {
          setPhase({ at: 'sending' })
          return sending.rest()
        })
      if (sending.fault) setFault(sending.fault)
    } catch (error) {
      if (error instanceof AgentError || error instanceof Refused) setFault({ vi: error.vi, en: error.en })
      else throw error
    } finally {
      client?.close()
      setPhase({ at: 'idle' })
      revalidate()
    }
  }

  return (
    <section className="signing-agent panel" aria-label={t('agent.title')}>
      <p>{t('agent.ask', { count })}</p>
      {fault && (
        <p className="signing-stop" role="alert">
          {say(fault)}
        </p>
      )}
      <Button type="button" onClick={() => void sign()} loading={phase.at !== 'idle'} data-primary="">
        {t('agent.sign', { count })}
      </Button>
      <p role="status" className="muted">
        {phase.at === 'preparing' && t('agent.preparing')}
        {phase.at === 'asking' && t('agent.asking', { signed: phase.signed, of: phase.of })}
        {phase.at === 'sending' && t('agent.sending')}
      </p>
      <noscript>{t('agent.needsScript')}</noscript>
    </section>
  )
}

/** Sends values on as they come, in order; what the token refused for one document is kept to be shown. */
function sender(listId: string) {
  const waiting: AgentValue[] = []
  let before: Promise<unknown> = Promise.resolve()
  let failed: Refused | undefined
  const flush = () => {
    const values = waiting.splice(0, AT_ONCE)
    if (values.length === 0) return
    before = before
      .then(() => post(listId, { ask: 'values', values }))
      .catch((error: unknown) => {
        if (error instanceof Refused) failed ??= error
        else throw error
      })
  }
  return {
    fault: undefined as Sentence | undefined,
    take(one: SignedOne) {
      if (one.value === undefined) this.fault ??= one.fault
      else waiting.push({ id: one.id, value: one.value })
      if (waiting.length >= AT_ONCE) flush()
    },
    async rest() {
      while (waiting.length > 0) flush()
      await before
      if (failed) throw failed
    },
  }
}

class Refused extends Error {
  constructor(
    readonly vi: string,
    readonly en: string,
  ) {
    super(en)
  }
}

const SERVER_AWAY: Sentence = {
  vi: 'Máy chủ không trả lời nên việc ký tạm dừng. Văn bản đã ký xong vẫn được giữ; hãy thử lại sau ít phút.',
  en: 'The server does not answer and signing has paused. What was signed is kept; try again in a few minutes.',
}

async function post<T>(listId: string, body: object): Promise<T> {
  const response = await fetch(`/signing/${listId}/agent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
  if (!response) throw new Refused(SERVER_AWAY.vi, SERVER_AWAY.en)
  const answer = (await response.json()) as T & { refusal?: { sentence: Sentence } }
  if (answer.refusal) throw new Refused(answer.refusal.sentence.vi, answer.refusal.sentence.en)
  return answer
}

function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

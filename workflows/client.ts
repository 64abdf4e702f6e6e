import { Client, Connection } from '@temporalio/client'
import { NAMESPACE } from './names.ts'

export interface TemporalHealth {
  state: 'up' | 'down'
  detail: string
}

export interface TemporalClient {
  /** Asks the server now. Never throws. */
  health(): Promise<TemporalHealth>
  /** The SDK's client. Rejects while Temporal is away. */
  client(): Promise<Client>
  close(): Promise<void>
}

/** A client that connects when it is first needed: whoever holds it starts and works without Temporal. */
export function createTemporalClient(address: string | null, namespace = NAMESPACE): TemporalClient {
  let connecting: Promise<Connection> | null = null
  const connect = async (): Promise<Connection> => {
    if (address === null) throw new Error('no address of Temporal is known')
    connecting ??= Connection.connect({ address, connectTimeout: '3 seconds' })
    try {
      return await connecting
    } catch (error) {
      connecting = null
      throw error
    }
  }
  return {
    health: () => temporalHealth(connect, namespace),
    client: async () => new Client({ connection: await connect(), namespace }),
    async close() {
      const connection = await connecting?.catch(() => null)
      await connection?.close()
    },
  }
}

/** Whether the namespace answers within three seconds. */
export async function temporalHealth(connect: () => Promise<Connection>, namespace: string): Promise<TemporalHealth> {
  try {
    const connection = await connect()
    await connection.withDeadline(Date.now() + 3_000, () => connection.workflowService.describeNamespace({ namespace }))
    return { state: 'up', detail: '' }
  } catch (error) {
    return { state: 'down', detail: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * A gateway of the document exchange on the loopback interface, for demonstrations and tests: it plays the Government
 * Office's side and holds a mailbox per system. It is nobody's real gateway and refuses to listen anywhere else.
 */
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AgencyDirectory } from './agency-directory.ts'
import { Authenticator } from './authenticate.ts'
import { FrontDesk } from './front-desk.ts'
import { MessageStore } from './message-store.ts'
import type { GovernmentNodeOptions } from './options.ts'

export type { ExchangeSystem } from './agency-directory.ts'
export type { GovernmentNodeOptions, NodeLogEntry } from './options.ts'

export interface GovernmentNode {
  url: string
  port: number
  /** Ends running calls and frees the port. The folder is complete after it. */
  close(): Promise<void>
}

/** Starts the node. Throws when the port is taken (`EADDRINUSE`), the folder is unreadable or the host not loopback. */
export async function startGovernmentNode(options: GovernmentNodeOptions): Promise<GovernmentNode> {
  const host = options.host ?? '127.0.0.1'
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`The demonstration node listens on the loopback interface only, not on ${host}`)
  }
  let desk: FrontDesk | null = null
  const server = createServer((request, response) => {
    if (desk) void desk.answer(request, response)
    else response.writeHead(503, { connection: 'close' }).end()
  })
  // The port first: a second start by mistake must fail before it touches the folder of the one that runs.
  await listen(server, options.port, host)
  const holdings = await openFolder(options).catch(async (error: unknown) => {
    await stop(server)
    throw error
  })
  const { messages } = holdings
  desk = new FrontDesk(options, holdings, holdings.authenticator)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    async close() {
      await stop(server)
      await messages.settled()
    },
  }
}

async function openFolder({ folder, systems, agencies = [], limits = {}, now = Date.now }: GovernmentNodeOptions) {
  const directory = await AgencyDirectory.open(folder, systems, agencies, now)
  const messages = await MessageStore.open(folder, now)
  const authenticator = await Authenticator.open(folder, systems, now)
  return { directory, messages, authenticator, limits }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Running calls get two seconds. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => server.closeAllConnections(), 2_000)
    server.close((error) => {
      clearTimeout(impatience)
      if (error) reject(error)
      else resolve()
    })
    server.closeIdleConnections()
  })
}

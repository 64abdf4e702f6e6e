import type { EdxmlLimits } from '../edxml/limits.ts'
import type { ExchangeSystem } from './agency-directory.ts'

/** One line of the node's log: every refusal and every message taken. Holds no secrets. */
export interface NodeLogEntry {
  level: 'info' | 'warn' | 'error'
  event: 'accepted' | 'refused' | 'failed'
  method: string
  path: string
  code?: string
  detail: string
}

export interface GovernmentNodeOptions {
  /** 0 for any free port. */
  port: number
  /** Made if it is not there; a node started again on it has everything it had. One node per folder. */
  folder: string
  systems: ExchangeSystem[]
  /** Loopback only: `127.0.0.1` (unless said), `::1` or `localhost`. */
  host?: string
  /** Further agencies of the directory; what is sent to them is kept and fetched by nobody. */
  agencies?: { code: string; name: string }[]
  /** Offers the button, and `POST /demonstration/send`, that sends the prepared letter. */
  demonstration?: boolean
  /** The letter as edXML, from an agency of one of the systems; with a new DocumentId each time it is asked for. */
  demonstrationLetter?: () => Promise<Buffer>
  limits?: Partial<EdxmlLimits>
  /** Epoch milliseconds; the machine's clock unless said. */
  now?: () => number
  log?: (entry: NodeLogEntry) => void
}

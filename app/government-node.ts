import path from 'node:path'
import { readClock } from '#db/clock.ts'
import { openDatabase } from '#db/database.ts'
import { MINISTRY } from '#db/outgoing.ts'
import { startGovernmentNode } from '#exchange/node/start.ts'
import { demonstrationLetter } from './start/demonstration-letter.ts'

/**
 * The demonstration's Government Office: a party outside the house, on a port of its own, that speaks the exchange's real calls.
 * Two systems are registered in it: the Government Office itself, and the ministry.
 */
const {
  NODE_PORT = '3900',
  IMOIT_DATA = '.data',
  DATABASE_URL,
  EXCHANGE_SECRET,
  EXCHANGE_SYSTEM_ID = 'imoit',
} = process.env
if (process.env.NODE_ENV === 'production') throw new Error('The demonstration node does not run in production')
if (!DATABASE_URL || !EXCHANGE_SECRET) throw new Error('DATABASE_URL and EXCHANGE_SECRET have to be set')

const db = openDatabase(DATABASE_URL, { max: 2, applicationName: 'imoit-node' })
const agencies = await db.sql<
  { code: string; name: string }[]
>`select code, name from agencies where on_exchange order by code`
/** Letters of this run get numbers of their own: the same number twice would be the same letter. */
let letters = 0

const node = await startGovernmentNode({
  port: Number(NODE_PORT),
  folder: path.join(IMOIT_DATA, 'government-node'),
  systems: [
    { systemId: EXCHANGE_SYSTEM_ID, secret: EXCHANGE_SECRET, organCode: MINISTRY.code, name: MINISTRY.name },
    { systemId: 'vpcp', secret: EXCHANGE_SECRET, organCode: '000.00.00.G22', name: 'Văn phòng Chính phủ' },
  ],
  agencies: [...agencies],
  demonstration: true,
  demonstrationLetter: async () => {
    const { now } = await readClock(db)
    const number = String(1000 + ((Math.floor(now / 1000) + letters++) % 9000))
    return (await demonstrationLetter(now, number)).edxml
  },
  log: (entry) => console.log(JSON.stringify(entry)),
})
process.send?.({ listening: node.port })

const end = async () => {
  await node.close()
  await db.close()
  process.exit(0)
}
process.once('SIGTERM', () => void end())
process.once('SIGINT', () => void end())

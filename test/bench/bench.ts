import { benchDesigner } from './designer.ts'
import { benchEngine } from './engine.ts'
import { benchInbox } from './inbox.ts'
import { benchLists } from './lists.ts'
import { benchOutside } from './outside.ts'
import { benchPages } from './pages.ts'
import { benchSigning } from './signing.ts'
import { benchSteps } from './steps.ts'

/** `npm run bench -- NAME [--json]`: each prints its result, the last line as one JSON object. */
const benches: Record<string, (options: Record<string, number>) => Promise<Record<string, unknown>>> = {
  steps: benchSteps,
  designer: benchDesigner,
  engine: benchEngine,
  inbox: benchInbox,
  lists: benchLists,
  outside: benchOutside,
  pages: benchPages,
  signing: benchSigning,
}

const [name = '', ...flags] = process.argv.slice(2)
const bench = benches[name]
if (!bench) {
  console.error(`Which one? ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
const options = Object.fromEntries(
  flags.flatMap((flag) => {
    const match = /^--([a-zA-Z]+)=(\d+)$/.exec(flag)
    return match ? [[match[1]!, Number(match[2])]] : []
  }),
)
const result = await bench(options)
if (!flags.includes('--json')) console.log(JSON.stringify(result, null, 2))
console.log(JSON.stringify(result))

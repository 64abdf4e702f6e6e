import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker'

const here = path.dirname(fileURLToPath(import.meta.url))
const entry = path.join(here, 'registry.workflow.ts')
const target = path.join(here, '..', 'build', 'workflows.js')
const mark = `${target}.sha256`

/** Of everything that goes into the bundle: the sandbox's sources and the SDK they are bundled with. */
async function sourceHash(): Promise<string> {
  const names = (await readdir(here)).filter((name) => name.endsWith('.workflow.ts') || name === 'names.ts').sort()
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(await readFile(path.join(here, name)))
  const sdk = path.join(here, '..', 'node_modules', '@temporalio', 'workflow', 'package.json')
  return hash.update(await readFile(sdk)).digest('hex')
}

const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error }

/** The sandbox's code for a worker: the prebuilt one when it is made of the sources that stand here, else bundled now. */
export async function workflowBundle(): Promise<WorkflowBundle> {
  const built = await readFile(mark, 'utf8').catch(() => null)
  if (built !== null && built === (await sourceHash())) return { code: await readFile(target, 'utf8') }
  return bundleWorkflowCode({ workflowsPath: entry, logger: quiet })
}

/** Builds `build/workflows.js`, so that a worker starts seconds sooner. */
async function buildWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: quiet })
  await mkdir(path.dirname(target), { recursive: true })
  // Moved into place whole: a worker that starts meanwhile must not read half of it.
  await writeFile(`${target}.part`, code)
  await rename(`${target}.part`, target)
  await writeFile(mark, await sourceHash())
  return target
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`built ${path.relative(process.cwd(), await buildWorkflows())}`)
}

import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** A page takes a second, its first start some twenty. */
const PATIENCE_MS = 90_000
/** No PDF of a draft is larger. */
const LARGEST = 100_000_000
const NAMES = ['soffice', 'libreoffice']

/** Why a Word file did not become a PDF. */
export type ConversionFault = 'no-program' | 'took-too-long' | 'failed'

export type Converted = { pdf: Buffer } | { fault: ConversionFault }

let last: Promise<unknown> = Promise.resolve()

/**
 * Makes a PDF of a .docx with LibreOffice, where it is installed (`IMOIT_SOFFICE` names another place). One after the other, each in
 * a profile and folder of its own that are gone afterwards; a conversion that hangs is ended. Never throws for what the file is.
 */
export function wordToPdf(
  document: Uint8Array,
  { env = process.env, patienceMs = PATIENCE_MS }: { env?: NodeJS.ProcessEnv; patienceMs?: number } = {},
): Promise<Converted> {
  const turn = last.then(() => convert(document, env, patienceMs))
  // The next one waits for this one's end, however it ended.
  last = turn.catch(() => undefined)
  return turn
}

async function convert(document: Uint8Array, env: NodeJS.ProcessEnv, patienceMs: number): Promise<Converted> {
  const program = await findProgram(env)
  if (!program) return { fault: 'no-program' }
  const folder = await mkdtemp(path.join(tmpdir(), 'imoit-word-'))
  try {
    const from = path.join(folder, 'draft.docx')
    await writeFile(from, document, { mode: 0o600 })
    const user = path.join(folder, 'profile', 'user')
    await mkdir(user, { recursive: true })
    await writeFile(path.join(user, 'registrymodifications.xcu'), cautious())
    const profile = pathToFileURL(path.join(folder, 'profile')).href
    const ended = await run(
      program,
      [
        `-env:UserInstallation=${profile}`,
        '--headless',
        '--norestore',
        '--convert-to',
        'pdf',
        '--outdir',
        folder,
        from,
      ],
      { folder, env, patienceMs },
    )
    if (ended !== 'done') return { fault: ended }
    const to = path.join(folder, 'draft.pdf')
    const size = await stat(to).then(
      (found) => found.size,
      () => 0,
    )
    if (size === 0 || size > LARGEST) return { fault: 'failed' }
    const pdf = await readFile(to)
    return pdf.subarray(0, 5).toString('latin1') === '%PDF-' ? { pdf } : { fault: 'failed' }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * A profile that trusts no document: no macros, no active content, nothing fetched from elsewhere. What would be fetched by other ways
 * meets a proxy that is not there.
 */
function cautious(): string {
  const item = (path: string, name: string, value: string) =>
    `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`
  const scripting = 'Office.Common/Security/Scripting'
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    item(scripting, 'DisableMacrosExecution', 'true'),
    item(scripting, 'DisableActiveContent', 'true'),
    item(scripting, 'BlockUntrustedRefererLinks', 'true'),
    item(scripting, 'MacroSecurityLevel', '3'),
    item('Office.Writer/Content/Update', 'Link', '2'),
    item('Inet/Settings', 'ooInetProxyType', '1'),
    ...['HTTP', 'HTTPS'].flatMap((kind) => [
      item('Inet/Settings', `ooInet${kind}ProxyName`, '127.0.0.1'),
      item('Inet/Settings', `ooInet${kind}ProxyPort`, '9'),
    ]),
    '</oor:items>',
  ].join('')
}

function run(
  program: string,
  args: string[],
  { folder, env, patienceMs }: { folder: string; env: NodeJS.ProcessEnv; patienceMs: number },
): Promise<'done' | 'took-too-long' | 'failed'> {
  return new Promise((resolve) => {
    // A group of its own: LibreOffice starts others, which must end with it.
    const child = spawn(program, args, { cwd: folder, env: { ...env, HOME: folder }, stdio: 'ignore', detached: true })
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, patienceMs)
    const end = (how: 'done' | 'failed') => {
      clearTimeout(timer)
      resolve(late ? 'took-too-long' : how)
    }
    child.once('error', () => end('failed'))
    child.once('exit', (code) => end(code === 0 ? 'done' : 'failed'))
  })
}

async function findProgram(env: NodeJS.ProcessEnv): Promise<string | null> {
  const places = env.IMOIT_SOFFICE
    ? [env.IMOIT_SOFFICE]
    : (env.PATH ?? '').split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  for (const place of places) {
    const there = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (there) return place
  }
  return null
}

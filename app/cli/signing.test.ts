import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const letter = path.join(root, 'signing/fixtures/letter-linearised-streams.pdf')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-sign-command-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Runs the command as people do; it ends only when nothing that it started is left. */
function imoit(...args: string[]): Promise<Ran> {
  const env = { ...process.env, IMOIT_DATA: path.join(folder, 'data'), LANG: 'vi_VN.UTF-8' }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'app/cli/imoit.ts', ...args],
      { cwd: root, env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}
const at = (name: string) => path.join(folder, name)

describe('imoit sign and verify', () => {
  it('sign as the person, seal as the organisation, and verify both with exit 0', async () => {
    expect(await imoit('sign', letter, at('one.pdf'), '--as', 'person', '--level', 'B')).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(await imoit('sign', at('one.pdf'), at('two.pdf'), '--as', 'organisation', '--level', 'LT')).toMatchObject({
      code: 0,
    })
    const { code, stdout } = await imoit('verify', at('two.pdf'), '--json')
    const report = JSON.parse(stdout) as { verdict: string; isTest: boolean; signatures: Record<string, unknown>[] }
    expect({ code, verdict: report.verdict, isTest: report.isTest }).toEqual({
      code: 0,
      verdict: 'valid',
      isTest: true,
    })
    expect(report.signatures).toMatchObject([
      { role: 'person', coversWholeFile: false },
      { role: 'organisation', level: 'LT' },
    ])
    const words = await imoit('verify', at('two.pdf'))
    expect(words.stdout).toContain('Nguyễn Văn An (TEST)')
  })

  it('exit 1 for a changed file and 2 for one that nobody signed', async () => {
    const bytes = await readFile(at('two.pdf'))
    bytes[200]! ^= 1
    await writeFile(at('changed.pdf'), bytes)
    expect((await imoit('verify', at('changed.pdf'))).code).toBe(1)
    expect((await imoit('verify', letter)).code).toBe(2)
    expect(await imoit('verify', at('none.pdf'))).toMatchObject({ code: 2 })
  })

  it('leave nothing behind when a file cannot be signed', async () => {
    await writeFile(at('broken.pdf'), '%PDF-1.7\nnothing')
    const { code, stderr } = await imoit('sign', at('broken.pdf'), at('out.pdf'), '--as', 'person')
    expect(code).toBe(2)
    expect(stderr).toMatch(/PDF (bị hỏng|is damaged)/)
    expect((await readdir(folder)).filter((name) => name.startsWith('out'))).toEqual([])
  })

  it('sign an XML message, too', async () => {
    await writeFile(at('message.xml'), '<?xml version="1.0"?><edXML><edXMLHeader/><body>Báo cáo</body></edXML>')
    expect(await imoit('sign', at('message.xml'), at('signed.xml'), '--as', 'organisation')).toMatchObject({ code: 0 })
    expect((await imoit('verify', at('signed.xml'))).code).toBe(0)
    const changed = (await readFile(at('signed.xml'), 'utf8')).replace('Báo cáo', 'Báo cao')
    await writeFile(at('changed.xml'), changed)
    expect((await imoit('verify', at('changed.xml'))).code).toBe(1)
  })

  it('believe only the authorities that they are given', async () => {
    expect((await imoit('testca', 'export', at('given'))).code).toBe(0)
    expect((await imoit('sign', letter, at('lasting.pdf'), '--as', 'person', '--level', 'LT')).code).toBe(0)
    // The answers that prove it are inside; nobody has to be asked.
    const given = [path.join(at('given'), 'root.pem'), path.join(at('given'), 'issuing.pem')]
    expect((await imoit('verify', at('lasting.pdf'), '--trust', ...given)).code).toBe(0)
    // Somebody between is no authority by itself.
    expect((await imoit('verify', at('lasting.pdf'), '--trust', given[1]!)).code).toBe(2)
  })

  it('export what other validators need to trust', async () => {
    expect((await imoit('testca', 'export', at('ca'))).code).toBe(0)
    expect((await readdir(at('ca'))).sort()).toEqual(['crl.pem', 'issuing.pem', 'root.pem'])
    expect(await readFile(at('ca/root.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
  })
})

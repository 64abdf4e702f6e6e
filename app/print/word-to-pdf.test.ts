import { readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordToPdf } from './word-to-pdf.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-office-program-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Something that is called as LibreOffice is: its last two arguments are the folder and the file. */
async function program(name: string, script: string): Promise<NodeJS.ProcessEnv> {
  const file = path.join(folder, name)
  await writeFile(file, `#!/bin/sh\nfor last; do out="$before"; before="$last"; done\n${script}\n`)
  await chmod(file, 0o755)
  return { ...process.env, IMOIT_SOFFICE: file }
}
const leftOver = () => readdirSync(tmpdir()).filter((name) => name.startsWith('imoit-word-'))
const word = Buffer.from('PK word')

describe('a Word file', () => {
  it('becomes a PDF, and nothing of it is left lying about', async () => {
    const before = leftOver()
    const env = await program('good', 'printf "%%PDF-1.7 of " > "$out/draft.pdf"; cat "$last" >> "$out/draft.pdf"')
    expect(await wordToPdf(word, { env })).toEqual({ pdf: Buffer.from('%PDF-1.7 of PK word') })
    expect(leftOver()).toEqual(before)
  })

  it('that cannot be converted is said so: no program, an error, no PDF, one that hangs', async () => {
    expect(await wordToPdf(word, { env: { ...process.env, PATH: folder } })).toEqual({ fault: 'no-program' })
    expect(await wordToPdf(word, { env: await program('fails', 'exit 3') })).toEqual({ fault: 'failed' })
    expect(await wordToPdf(word, { env: await program('nothing', 'exit 0') })).toEqual({ fault: 'failed' })
    const html = await program('html', 'echo "<html>" > "$out/draft.pdf"')
    expect(await wordToPdf(word, { env: html })).toEqual({ fault: 'failed' })
    const hangs = await program('hangs', 'sleep 600 & wait')
    expect(await wordToPdf(word, { env: hangs, patienceMs: 300 })).toEqual({ fault: 'took-too-long' })
  })
})

import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pdfText } from '#test/fixtures/pdf-text.ts'
import { wordFileThatFetches } from '#test/journeys/papers.ts'
import { wordToPdf } from './word-to-pdf.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-office-program-'))
  // Others convert beside: what is left lying about here is this test's own.
  vi.stubEnv('TMPDIR', folder)
})
afterAll(() => {
  vi.unstubAllEnvs()
  return rm(folder, { recursive: true, force: true })
})

/** Something that is called as LibreOffice is: its last two arguments are the folder and the file. */
async function program(name: string, script: string): Promise<NodeJS.ProcessEnv> {
  const file = path.join(folder, name)
  await writeFile(file, `#!/bin/sh\nfor last; do out="$before"; before="$last"; done\n${script}\n`)
  await chmod(file, 0o755)
  return { ...process.env, IMOIT_SOFFICE: file }
}
const leftOver = () => readdirSync(tmpdir()).filter((name) => name.startsWith('imoit-word-'))
const word = Buffer.from('PK word')
const { IMOIT_SOFFICE: named, PATH: places = '' } = process.env
const installed = [
  ...(named ? [named] : []),
  ...places.split(path.delimiter).map((place) => path.join(place, 'soffice')),
].some((place) => existsSync(place))

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

describe.skipIf(!installed)('LibreOffice itself (skipped where it is not installed)', () => {
  it('makes a PDF with the words of the draft, and fetches nothing that the draft points at', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const converted = await wordToPdf(
      await wordFileThatFetches(`http://127.0.0.1:${port}/seen.png`, 'Kính gửi: Văn phòng Chính phủ'),
    )
    await new Promise((resolve) => server.close(resolve))
    if ('fault' in converted) throw new Error(converted.fault)
    expect(await pdfText(converted.pdf)).toContain('Kính gửi: Văn phòng Chính phủ')
    expect(asked).toEqual([])
    expect(leftOver()).toEqual([])
  }, 120_000)
})

import { describe, expect, it } from 'vitest'
import { drawnXml } from './drawn.ts'
import { lintBpmn, MAX_FILE_BYTES } from './lint.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding)
const rules = async (file: Uint8Array) =>
  (await lintBpmn(file)).flatMap(({ rule, severity }) => (severity === 'error' ? rule : []))

/** An end event that a flow leaves, under a name with a letter outside of ASCII. */
const broken = drawnXml(`<startEvent id="s" name="Bắt đầu é"/><endEvent id="e"/><task id="t"/>
  s -> e
  e -> t
  t -> e\n`)

describe('linting a file', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', bytes(broken)],
    ['UTF-8 with a mark', bytes('\uFEFF' + broken)],
    ['UTF-16', bytes('\uFEFF<?xml version="1.0" encoding="UTF-16"?>' + broken, 'utf16le')],
    ['Windows-1252', bytes('<?xml version="1.0" encoding="WINDOWS-1252"?>' + broken.replace('Bắt đầu ', ''), 'latin1')],
    ['UTF-8 that says to be UTF-16', bytes('<?xml version="1.0" encoding="UTF-16"?>' + broken)],
  ])('names the rule that is broken, whatever the encoding: %s', async (_name, file) => {
    expect(await rules(file)).toContain('EXT104')
    expect(await rules(file)).not.toContain('encoding')
    expect(await rules(file)).not.toContain('xml')
  })

  it('names a wrong encoding beside the rule', async () => {
    expect(await rules(bytes(broken.replace('Bắt đầu ', ''), 'latin1'))).toEqual(
      expect.arrayContaining(['encoding', 'EXT104']),
    )
  })

  it.each<[string, Uint8Array, string]>([
    ['nothing', bytes(''), 'xml'],
    ['no XML', bytes('PK\u0003\u0004 something zipped'), 'xml'],
    ['another XML', bytes('<html/>'), 'xml'],
    ['XML cut short', bytes(broken.slice(0, -40)), 'xml'],
    ['a name space that is not declared', bytes('<b:definitions/>'), 'xml'],
    ['elements without an end of nesting', bytes('<a>'.repeat(200_000)), 'xml'],
    ['an entity that grows', bytes('<!DOCTYPE d [<!ENTITY a "aaaa">]><definitions>&a;</definitions>'), 'doctype'],
    ['too large a file', new Uint8Array(MAX_FILE_BYTES + 1), 'size'],
  ])('refuses %s in words', async (_name, file, rule) => {
    expect(await rules(file)).toEqual([rule])
  })

  it('holds a process that is only drawn to the standard alone', async () => {
    const drawing = (flows: string) =>
      bytes(
        drawnXml(`<startEvent id="s"/><serviceTask id="t"/><endEvent id="e"/>\n${flows}`).replace('"true"', '"false"'),
      )
    expect(await rules(drawing('s -> t\nt -> e\n'))).toEqual([])
    expect(await rules(drawing('s -> t\nt -> e\ne -> t\n'))).toContain('EXT104')
  })
})

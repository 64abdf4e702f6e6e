import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeXml } from '#bpmn/decode-xml.ts'
import { lintBpmn } from '#bpmn/lint.ts'
import { roundTrip } from '#bpmn/roundtrip.ts'

const folder = join(import.meta.dirname, '../../../shared/conformance/miwg')

describe.skipIf(!existsSync(folder))(`interchange diagrams at ${folder} (skipped where they are absent)`, () => {
  const files = existsSync(folder) ? readdirSync(folder) : []

  it.each(files)('%s opens, and exports again with nothing lost', async (file) => {
    const trip = await roundTrip(decodeXml(readFileSync(join(folder, file))).text)
    expect(trip).toMatchObject({ ok: true, losses: [] })
  })

  it.each(files)('%s is read without a complaint about its XML', async (file) => {
    const rules = (await lintBpmn(readFileSync(join(folder, file)))).map(({ rule }) => rule)
    for (const accident of ['xml', 'encoding', 'REF', 'size', 'doctype']) expect(rules).not.toContain(accident)
  })
})

import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkBpmn } from '#bpmn/check-file.ts'

const folder = join(import.meta.dirname, '../../../shared/conformance/invalid')

describe.skipIf(!existsSync(folder))(`invalid files at ${folder} (skipped where they are absent)`, () => {
  const files = existsSync(folder)
    ? readdirSync(folder).flatMap((rule) => readdirSync(join(folder, rule)).map((file) => [rule, file] as const))
    : []

  it.each(files)('%s bars %s', async (rule, file) => {
    const { findings } = await checkBpmn(await readFile(join(folder, rule, file), 'latin1'))
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(errors.map((finding) => finding.rule)).toContain(rule)
    for (const { vi, en } of errors) expect(vi).not.toBe(en)
  })
})

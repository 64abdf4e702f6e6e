import { describe, expect, it } from 'vitest'
import { readVariables } from './trial-variables.ts'

describe('variables as people write them', () => {
  it.each([
    ['', {}],
    ['leadUnit: "TMDT"\nunits: ["PC", "XNK"]', { leadUnit: 'TMDT', units: ['PC', 'XNK'] }],
    ['urgency = 2\n\nsource: giấy tờ', { urgency: 2, source: 'giấy tờ' }],
    ['a: null\nb: true', { a: null, b: true }],
    ['{"a": {"b": 1}}', { a: { b: 1 } }],
  ])('%j', (text, variables) => expect(readVariables(text)).toEqual(variables))

  it.each(['no value', '{"a":', '[1]x', '1a: 2'])('%j is none', (text) => expect(readVariables(text)).toBeNull())
})

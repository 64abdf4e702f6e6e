import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseRequestTimestamp,
  requestTimestamp,
  sha256Hex,
  signatureMatches,
  signatureOf,
  stringToSign,
} from './request-signature.ts'

describe('the signature that the documentation describes', () => {
  const page = readFileSync(new URL('../docs/exchange.md', import.meta.url), 'utf8')
  const section = /### Test vector\n([\s\S]*?)\n### /.exec(page)?.[1] ?? ''
  const inline = (label: string) => new RegExp(`^${label}: \`(.*)\`$`, 'm').exec(section)?.[1] ?? ''
  const fence = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(section)?.[1] ?? ''
  const [requestLine = '', ...headerLines] = fence('http').split('\n')
  const header = (name: string) =>
    headerLines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
  const [method = '', target = ''] = requestLine.split(' ')
  const parts = {
    method,
    target,
    systemId: header('XroadVnpt-systemid'),
    timestamp: header('XroadVnpt-timestamp'),
    nonce: header('XroadVnpt-nonce'),
    header: header('XroadVnpt-header'),
    contentSha256: header('XroadVnpt-content-sha256'),
  }

  it('gives the documented string and signature', () => {
    expect(inline('secret')).not.toBe('')
    expect(parts.contentSha256).toBe(sha256Hex(inline('file')))
    expect(stringToSign(parts)).toBe(fence('text'))
    expect(signatureOf(inline('secret'), parts)).toBe(header('XroadVnpt-hash-header'))
    const instant = /The time is (\S+)\./.exec(section)?.[1] ?? ''
    expect(requestTimestamp(Date.parse(instant))).toBe(parts.timestamp)
  })

  it('changes with every part', () => {
    const signature = header('XroadVnpt-hash-header')
    expect(signatureMatches(inline('secret'), parts, signature)).toBe(true)
    expect(signatureMatches('another', parts, signature)).toBe(false)
    expect(signatureMatches(inline('secret'), parts, signature.slice(1))).toBe(false)
    for (const name of Object.keys(parts) as (keyof typeof parts)[]) {
      expect(signatureMatches(inline('secret'), { ...parts, [name]: `${parts[name]}x` }, signature)).toBe(false)
    }
  })
})

describe('the time of a call', () => {
  it('is read back as it was written', () => {
    const range = { min: Date.parse('1990-01-01'), max: Date.parse('2100-01-01') }
    fc.assert(fc.property(fc.integer(range), (ms) => parseRequestTimestamp(requestTimestamp(ms)) === ms))
  })

  it.each(['', 'now', '2022-04-15T09:30:00Z', '31022022T093000+0000', '15042022T256000+0000', '15042022T093000+1000'])(
    'is not %j',
    (text) => {
      expect(parseRequestTimestamp(text)).toBeNull()
    },
  )
})

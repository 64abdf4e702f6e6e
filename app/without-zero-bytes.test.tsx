import { text } from 'node:stream/consumers'
import { renderToPipeableStream, renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { withoutZeroBytes } from './without-zero-bytes.ts'

describe('a page in Vietnamese', () => {
  it('comes whole, wherever a letter meets the end of a buffer', async () => {
    // Given lines of letters of one, two and three bytes, so that a letter of each kind stands at the end of some buffer
    const lines = Array.from({ length: 2000 }, (_, index) => `${'a'.repeat(index % 7)}Trưởng phòng Kế hoạch – ${index}`)
    const page = (
      <ul>
        {lines.map((line) => (
          <li key={line} title={line}>
            {line}
          </li>
        ))}
      </ul>
    )
    // When it is streamed as pages are
    const raw = await text(renderToPipeableStream(page).pipe(withoutZeroBytes()))
    // Then it is what was written, without a letter more or less
    expect(raw).toBe(renderToStaticMarkup(page))
  })
})

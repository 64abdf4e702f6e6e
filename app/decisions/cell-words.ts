/** Words of `decisions:cell`. */
type Say = (key: string, values?: Record<string, string>) => string

const TEXT = /^"((?:[^"\\]|\\.)*)"$/s
const RANGE = /^\[\s*(.+?)\s*\.\.\s*(.+?)\s*\]$/s
const COMPARED = /^(<=|>=|<|>)\s*(.+)$/s
const COMPARISON: Record<string, string> = { '<': 'less', '<=': 'most', '>': 'more', '>=': 'least' }

/** What a cell asks of its input, as it is said: `"a", "b"` is “a or b”. What has no words of its own stays in FEEL. */
export function inputWords(cell: string, say: Say): string {
  const [, excluded] = /^not\s*\((.+)\)$/s.exec(cell) ?? []
  if (excluded !== undefined && isWhole(excluded)) return say('not', { what: anyOf(excluded, say) })
  return cell === '' || cell === '-' ? say('any') : anyOf(cell, say)
}

/** What a cell answers. */
export function outputWords(cell: string, say: Say): string {
  return cell === '' ? say('nothing') : valueWords(cell, say)
}

const anyOf = (cell: string, say: Say) =>
  tests(cell)
    .map((test) => testWords(test, say))
    .join(say('or'))

function testWords(test: string, say: Say): string {
  const [, from, to] = RANGE.exec(test) ?? []
  if (from !== undefined && to !== undefined)
    return say('range', { from: valueWords(from, say), to: valueWords(to, say) })
  const [, sign, than] = COMPARED.exec(test) ?? []
  const compared = COMPARISON[sign ?? '']
  return compared && than !== undefined ? say(compared, { than: valueWords(than, say) }) : valueWords(test, say)
}

function valueWords(value: string, say: Say): string {
  const [, text] = TEXT.exec(value) ?? []
  if (text !== undefined) return text.replace(/\\(["\\])/g, '$1')
  return value === 'true' || value === 'false' || value === 'null' ? say(value) : value
}

/** The tests of a list; commas within texts and brackets are part of one. */
function tests(cell: string): string[] {
  const found = ['']
  for (const piece of pieces(cell)) {
    if (piece.text === ',' && piece.depth === 0) found.push('')
    else found[found.length - 1] += piece.text
  }
  return found.map((test) => test.trim()).filter((test) => test !== '')
}

/** Whether the brackets around it are one pair. */
const isWhole = (inner: string) => pieces(inner).every(({ depth }) => depth >= 0)

function pieces(cell: string): { text: string; depth: number }[] {
  let depth = 0
  return (cell.match(/"(?:[^"\\]|\\.)*"|[^]/g) ?? []).map((text) => {
    if (/^[([{]$/.test(text)) depth += 1
    const piece = { text, depth }
    if (/^[)\]}]$/.test(text)) {
      depth -= 1
      piece.depth = depth
    }
    return piece
  })
}

import { describe, expect, it } from 'vitest'
import { outlineOf, visibleItems, type OutlineElement } from './outline.ts'

const element = (id: string, to: string[] = [], more: Partial<OutlineElement> = {}): OutlineElement => ({
  id,
  name: id,
  type: 'bpmn:UserTask',
  parent: 'p',
  next: to.map((target) => ({ id: target, flow: '' })),
  x: 0,
  ...more,
})
const ids = (elements: OutlineElement[], closed: string[] = []) =>
  visibleItems(outlineOf(elements, 'p'), new Set(closed)).map(({ id, level }) => `${level} ${id}`)

describe('the outline of a flow', () => {
  it('goes in the order in which a case comes by, whatever the file’s order', () => {
    const elements = [element('c', ['end']), element('end'), element('b', ['c']), element('a', ['b'], { x: 9 })]
    expect(ids(elements)).toEqual(['1 a', '1 b', '1 c', '1 end'])
  })

  it('holds what lies in a sub-process below it, and boundary events below their activity', () => {
    const elements = [
      element('sub', ['end']),
      element('end'),
      element('inside', [], { parent: 'sub' }),
      element('late', [], { host: 'inside', parent: 'sub' }),
    ]
    expect(ids(elements)).toEqual(['1 sub', '2 inside', '3 late', '1 end'])
    expect(ids(elements, ['sub'])).toEqual(['1 sub', '1 end'])
  })

  it('ends with loops and with what nothing leads to', () => {
    const elements = [
      element('start', ['a'], { type: 'bpmn:StartEvent', x: 5 }),
      element('a', ['b']),
      element('b', ['a']),
      element('alone', [], { x: 1 }),
    ]
    expect(ids(elements)).toEqual(['1 alone', '1 start', '1 a', '1 b'])
  })
})

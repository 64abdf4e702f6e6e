import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseFlow } from '#bpmn/parse.ts'
import { blankDrawing, flowIdOf, readDrawing } from './drawing.ts'

const shipped = () => readFile(new URL('../../bpmn/diagrams/incoming-document.bpmn', import.meta.url), 'utf8')
const file = (body: string, more = '') =>
  `<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" ${more}>${body}</b:definitions>`

describe('what a drawing holds', () => {
  it('is read of a flow that ships', async () => {
    expect(readDrawing(await shipped())).toEqual({
      flowId: 'incoming-document',
      name: 'Văn bản đến',
      nameEn: 'Incoming document',
      processes: ['incoming-document'],
      hasDiagram: true,
      foreign: [],
    })
  })

  it('goes by the executable process where there are two', () => {
    const facts = readDrawing(file('<b:process id="other"/><b:process id="ours" name="Của ta" isExecutable="true"/>'))
    expect(facts).toMatchObject({ flowId: 'ours', name: 'Của ta', processes: ['other', 'ours'], hasDiagram: false })
  })

  it('names what other tools put in', () => {
    const facts = readDrawing(
      file(
        '<b:process id="p"><b:extensionElements><x:y/></b:extensionElements></b:process>',
        'xmlns:x="urn:another-tool"',
      ),
    )
    expect(facts.foreign).toEqual(['urn:another-tool'])
  })

  it.each([
    ['words', 'hello'],
    ['another format', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'],
    ['half a file', file('<b:process id="p">').slice(0, 150)],
    ['no process', file('')],
  ])('is refused in words of %s', (_what, xml) => {
    expect(() => readDrawing(xml)).toThrow(expect.objectContaining({ code: 'not-bpmn', status: 422 }))
  })
})

describe('a blank drawing', () => {
  it('is a flow of that name', async () => {
    const flow = await parseFlow(blankDrawing('xin-y-kien', 'Xin <ý> "kiến" & hơn'))
    expect(flow).toMatchObject({ id: 'xin-y-kien', name: 'Xin <ý> "kiến" & hơn', executable: true })
    expect(flow.startEvents).toEqual(['start'])
  })

  it.each([
    ['Xin ý kiến các Vụ', 'xin-y-kien-cac-vu'],
    ['Đề án 06', 'de-an-06'],
    ['06 đề án', 'de-an'],
    ['…', 'flow'],
  ])('of "%s" has the id %s', (name, id) => expect(flowIdOf(name)).toBe(id))
})

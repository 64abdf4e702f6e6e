import { describe, expect, it } from 'vitest'
import { runConformance } from './conformance.ts'
import { drawnXml } from './drawn.ts'

const script = (id: string, word: string) => `<scriptTask id="${id}"><script>${word}</script></scriptTask>`

async function traceOf(body: string, roots = ''): Promise<string[]> {
  const one = { test: null, integerVariable: 0, startParallelProcess: false, delayMs: 0, expect: [] }
  const [verdict] = await runConformance({ name: 'drawn', file: '', cases: [one] }, drawnXml(body, roots))
  return verdict?.got ?? []
}

describe('the trace of a case', () => {
  it.each<[string, string, string, string[]]>([
    ['a script that fails', `${script('a', 'THROW_ERROR')}<endEvent id="e"/>`, '', ['ERROR_runtime']],
    [
      'an error that nothing catches',
      `${script('a', 'SCRIPT_task1')}<endEvent id="e"><errorEventDefinition errorRef="er"/></endEvent>`,
      '<error id="er" errorCode="E"/>',
      ['ERROR_thrownErrorEvent', 'SCRIPT_task1'],
    ],
    [
      'a file that breaks a rule',
      `<scriptTask id="a" startQuantity="0"><script>SCRIPT_task1</script></scriptTask><endEvent id="e"/>`,
      '',
      ['ERROR_deployment'],
    ],
    [
      'a called script task of the file as a whole',
      `<callActivity id="a" calledElement="g"/><endEvent id="e"/>`,
      '<globalScriptTask id="g"><script>SCRIPT_task2</script></globalScriptTask>',
      ['SCRIPT_task2'],
    ],
  ])('%s', async (_what, body, roots, trace) => {
    expect(await traceOf(`<startEvent id="s"/>${body}\n s -> a\n a -> e\n`, roots)).toEqual(trace)
  })
})

import { flowIdOf } from '../designer/drawing.ts'

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** A file with one table that has no rules yet. `suffix` keeps apart what is called alike. */
export function blankDecision(name: string, suffix: string): { modelId: string; xml: string } {
  const id = `${flowIdOf(name)}-${suffix}`
  const decision = `decision_${suffix}`
  const called = escaped(name)
  return {
    modelId: id,
    xml: `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="${id}" name="${called}" namespace="https://imoit/decisions">
  <decision id="${decision}" name="${called}">
    <decisionTable id="${decision}_table" hitPolicy="FIRST">
      <input id="${decision}_in"><inputExpression id="${decision}_in_text" typeRef="string"><text></text></inputExpression></input>
      <output id="${decision}_out" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram"><dmndi:DMNShape id="shape" dmnElementRef="${decision}"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
`,
  }
}

import { BpmnModdle, type ModdleElement, type ParseResult } from 'bpmn-moddle'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import { bpmnSchema } from './bpmn-schema.ts'

/** Keeps nothing of what it reads. */
export const moddle = new BpmnModdle({ bpmn: bpmnSchema(), zeebe })

/**
 * Opens BPMN XML. References are QNames: with a prefix of the file's own target namespace they name what is in the file, which
 * moddle itself does not see. Throws where the text is not well-formed or no BPMN.
 */
export async function openBpmn(xml: string): Promise<ParseResult> {
  const result = await moddle.fromXML(xml)
  const warnings = result.warnings.filter(({ element, property, value }) => {
    const named = element && property && value ? result.elementsById[ownName(result.rootElement, value)] : undefined
    if (!element || !property || !named) return true
    refer(element, property, named)
    return false
  })
  return { ...result, warnings }
}

/** Without the white space around it, and without a prefix that stands for the target namespace. */
function ownName(definitions: ModdleElement, reference: string): string {
  const name = reference.trim()
  const [prefix = '', local] = name.split(':')
  const own = local !== undefined && definitions.$attrs[`xmlns:${prefix}`] === definitions['targetNamespace']
  return own ? local : name
}

function refer(element: ModdleElement, property: string, named: ModdleElement): void {
  const many = moddle.getType(element.$type).$descriptor.propertiesByName[property]?.isMany
  const before = element[local(property)]
  if (!many) element[local(property)] = named
  else if (Array.isArray(before)) before.push(named)
}

const local = (property: string) => property.slice(property.indexOf(':') + 1)

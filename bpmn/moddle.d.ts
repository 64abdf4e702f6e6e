/** bpmn-moddle and moddle-xml publish no types for their entry points; these are the parts the parser uses. */
declare module 'bpmn-moddle' {
  export interface ModdleElement {
    $type: string
    $parent?: ModdleElement
    $attrs: Record<string, string>
    $instanceOf?(type: string): boolean
    id?: string
    name?: string
    [property: string]: unknown
  }
  export interface ModdleReference {
    element: ModdleElement
    property: string
    id: string
  }
  export interface ParseResult {
    rootElement: ModdleElement
    elementsById: Record<string, ModdleElement>
    references: ModdleReference[]
    warnings: { message: string; element?: ModdleElement; property?: string; value?: string; error?: Error }[]
  }
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>, options?: Record<string, unknown>)
    /** RangeError-like Error where there is no type of that name. */
    getType(type: string): {
      $descriptor: { propertiesByName: Record<string, { default?: unknown; isMany?: boolean } | undefined> }
    }
    /** As it was described; undefined where there is none of that prefix. */
    getPackage(prefix: string): unknown
    fromXML(xml: string): Promise<ParseResult>
    toXML(element: ModdleElement, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>
  }
}

/** What of bpmn.io's packages without types of their own is used here. */
declare module 'bpmn-js-properties-panel' {
  import type { ModuleDeclaration } from 'didi'
  export const BpmnPropertiesPanelModule: ModuleDeclaration
  export const BpmnPropertiesProviderModule: ModuleDeclaration
  export const ZeebePropertiesProviderModule: ModuleDeclaration
  export function useService<T>(name: string): T
}
declare module 'bpmn-js-element-templates' {
  import type { ModuleDeclaration } from 'didi'
  export const CloudElementTemplatesPropertiesProviderModule: ModuleDeclaration
}
declare module 'camunda-bpmn-js-behaviors/lib/camunda-cloud' {
  import type { ModuleDeclaration } from 'didi'
  const behaviors: ModuleDeclaration
  export default behaviors
}
declare module 'diagram-js-minimap' {
  import type { ModuleDeclaration } from 'didi'
  const minimap: ModuleDeclaration
  export default minimap
}
declare module 'bpmn-js-native-copy-paste' {
  import type { ModuleDeclaration } from 'didi'
  const copyPaste: ModuleDeclaration
  export default copyPaste
}
declare module 'bpmn-auto-layout' {
  /** BPMN without a diagram → BPMN with one. */
  export function layoutProcess(xml: string): Promise<string>
}

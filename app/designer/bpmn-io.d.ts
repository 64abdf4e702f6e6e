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
declare module '@bpmn-io/properties-panel' {
  import type { VNode } from '@bpmn-io/properties-panel/preact'
  interface EntryProps<Value> {
    element: object
    id: string
    label: string
    description?: string
    getValue(): Value
    setValue(value: Value): void
    debounce?: unknown
    disabled?: boolean
  }
  export function TextFieldEntry(props: EntryProps<string>): VNode
  export function TextAreaEntry(props: EntryProps<string>): VNode
  export function CheckboxEntry(props: EntryProps<boolean>): VNode
  export function NumberFieldEntry(
    props: EntryProps<number | undefined> & { min?: number; max?: number; step?: number | 'any' },
  ): VNode
  export function SelectEntry(props: EntryProps<string> & { getOptions(): { value: string; label: string }[] }): VNode
  export function FeelEntry(
    props: EntryProps<string> & { feel: 'required' | 'optional'; variables?: { name: string }[] },
  ): VNode
}
declare module '@bpmn-io/properties-panel/preact' {
  export interface VNode {
    type: unknown
  }
  type Child = VNode | string | number | null | false | undefined
  export function h(type: unknown, props: Record<string, unknown> | null, ...children: (Child | Child[])[]): VNode
}
declare module '@bpmn-io/properties-panel/preact/hooks' {
  export function useState<T>(initial: T): [T, (next: T | ((before: T) => T)) => void]
  export function useEffect(effect: () => void | (() => void), inputs?: unknown[]): void
}

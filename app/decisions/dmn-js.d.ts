declare module 'dmn-js/lib/Modeler' {
  export interface DmnView {
    id: string
    name?: string
    type: 'drd' | 'decisionTable' | 'literalExpression' | 'boxedExpression'
    element: { id: string; name?: string }
  }
  interface ActiveViewer {
    on(event: string, listen: () => void): void
    off(event: string, listen: () => void): void
  }
  export default class DmnModeler {
    constructor(options: { container: HTMLElement; [option: string]: unknown })
    importXML(xml: string): Promise<{ warnings: unknown[] }>
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>
    getViews(): DmnView[]
    getActiveView(): DmnView | undefined
    getActiveViewer(): ActiveViewer | undefined
    open(view: DmnView): Promise<unknown>
    on(event: string, listen: () => void): void
    destroy(): void
  }
}

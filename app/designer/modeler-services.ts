import type Modeler from 'bpmn-js/lib/Modeler'
import type AutoPlace from 'diagram-js/lib/features/auto-place/AutoPlace'
import type Modeling from 'bpmn-js/lib/features/modeling/Modeling'
import type ElementFactory from 'bpmn-js/lib/features/modeling/ElementFactory'
import type BpmnFactory from 'bpmn-js/lib/features/modeling/BpmnFactory'
import type { Connection, Element, Shape } from 'bpmn-js/lib/model/Types'
import type CommandStack from 'diagram-js/lib/command/CommandStack'
import type Canvas from 'diagram-js/lib/core/Canvas'
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry'
import type EventBus from 'diagram-js/lib/core/EventBus'
import type Create from 'diagram-js/lib/features/create/Create'
import type Overlays from 'diagram-js/lib/features/overlays/Overlays'
import type Rules from 'diagram-js/lib/features/rules/Rules'
import type SearchPad from 'diagram-js/lib/features/search-pad/SearchPad'
import type Selection from 'diagram-js/lib/features/selection/Selection'

export type { Connection, Element, Shape }

/** An element of the model behind what is drawn. */
export interface BusinessObject {
  $type: string
  id: string
  name?: string
  $parent?: BusinessObject
  $instanceOf(type: string): boolean
  get(property: string): unknown
  [property: string]: unknown
}

/** What of the modeler's services is used, by the names it has them under. */
export interface ModelerServices {
  autoPlace: AutoPlace
  bpmnFactory: BpmnFactory
  /** Its types know no 'auto': around the middle of what is drawn. */
  canvas: Canvas & { zoom(to: number | 'fit-viewport', center?: 'auto'): number }
  commandStack: CommandStack
  create: Create
  elementFactory: ElementFactory
  elementRegistry: ElementRegistry
  elementTemplates: {
    getAll(): OfficeTemplate[]
    get(element: Element | string): OfficeTemplate | null
    createElement(template: OfficeTemplate): Shape
  }
  elementTemplatesLoader: { setTemplates(templates: unknown[]): void }
  eventBus: EventBus
  minimap: { open(): void; close(): void; isOpen(): boolean }
  modeling: Modeling
  overlays: Overlays
  rules: Rules
  searchPad: SearchPad
  selection: Selection
  /** Its own types take the number at which space is made for a point. */
  spaceTool: {
    calculateAdjustments(
      elements: Shape[],
      axis: 'x' | 'y',
      delta: number,
      start: number,
    ): { movingShapes: Shape[]; resizingShapes: Shape[] }
    makeSpace(
      movingShapes: Shape[],
      resizingShapes: Shape[],
      delta: { x: number; y: number },
      direction: 'n' | 'e' | 's' | 'w',
      start: number,
    ): void
  }
}

export interface OfficeTemplate {
  id: string
  name: string
  description?: string
  /** What it belongs to; those of every day have none. */
  category?: { id: string; name: string }
}

export type DesignerModeler = Modeler<ModelerServices>

/** The model's element of what is drawn. */
export function businessObjectOf(element: { businessObject?: unknown }): BusinessObject {
  return element.businessObject as BusinessObject
}

import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css'
import 'bpmn-js-element-templates/dist/assets/element-templates.css'
import 'diagram-js-minimap/assets/diagram-js-minimap.css'
import '../styles/designer-canvas.css'
import Modeler from 'bpmn-js/lib/Modeler'
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates'
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel'
import nativeCopyPaste from 'bpmn-js-native-copy-paste'
import zeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud'
import minimap from 'diagram-js-minimap'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json'
import { bpmnSchema } from '#bpmn/bpmn-schema.ts'
import { drawingStyle } from '../components/flow-viewer.ts'
import type { Language } from '../language.ts'
import { constructEditorStyles } from './editor-styles.ts'
import type { DesignerModeler } from './modeler-services.ts'
import { officeProperties } from './office-properties.ts'
import { officeTemplates, textsOf } from './office-templates.ts'
import { translations } from './translate.ts'
import type { Words } from './words.ts'

export interface ModelerHosts {
  canvas: HTMLElement
  properties: HTMLElement
  language: Language
  /** The project's own words, `designer:properties`. */
  words: Words
  /** Keys of the forms that a step may have. */
  forms: readonly string[]
}

/** A modeler in the dialect of the project's flows, in the page's language and colours. Browser only. */
export function createModeler({ canvas, properties, language, words, forms }: ModelerHosts): DesignerModeler {
  constructEditorStyles()
  const templates = officeTemplates(language)
  const modeler: DesignerModeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: properties },
    moddleExtensions: { bpmn: bpmnSchema(), zeebe },
    ...drawingStyle(),
    additionalModules: [
      translations(language, textsOf(templates)),
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule,
      zeebeBehaviors,
      minimap,
      nativeCopyPaste,
      officeProperties(words, forms),
    ],
  })
  modeler.get('elementTemplatesLoader').setTemplates(templates)
  return modeler
}

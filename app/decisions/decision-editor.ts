import 'dmn-js/dist/assets/diagram-js.css'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-drd.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css'
import 'dmn-js/dist/assets/dmn-js-literal-expression.css'
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css'
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css'
import 'dmn-js/dist/assets/dmn-font/css/dmn-embedded.css'
import '../styles/decision-editor.css'
import DmnModeler, { type DmnView } from 'dmn-js/lib/Modeler'
import { constructEditorStyles } from '../designer/editor-styles.ts'
import { translateTexts } from '../own-forms/translate-texts.ts'

export interface DecisionView {
  id: string
  name: string
  type: DmnView['type']
}

export interface DecisionEditor {
  xml(): Promise<string>
  show(viewId: string): Promise<void>
  destroy(): void
}

/** The editor of decision tables on an element of the page. Browser only. */
export async function openDecisionEditor(
  container: HTMLElement,
  {
    xml,
    texts,
    onChange,
    onViews,
  }: {
    xml: string
    texts: Record<string, string>
    onChange: () => void
    /** What there is to look at, and what is looked at now. */
    onViews: (views: DecisionView[], active: string | null) => void
  },
): Promise<DecisionEditor> {
  constructEditorStyles()
  const untranslate = translateTexts(container, texts)
  const additionalModules = [{ translate: ['value', saying(texts)] }]
  const modeler = new DmnModeler({
    container,
    decisionTable: { additionalModules },
    literalExpression: { additionalModules },
    boxedExpression: { additionalModules },
    // Variables, so that what is drawn follows the page's colours.
    drd: {
      additionalModules,
      drdRenderer: { defaultFillColor: 'var(--surface)', defaultStrokeColor: 'var(--text)' },
      textRenderer: { defaultStyle: { fontFamily: 'Inter Variable, sans-serif' } },
    },
  })
  const heard = new WeakSet<object>()
  modeler.on('views.changed', () => {
    const viewer = modeler.getActiveViewer()
    if (viewer && !heard.has(viewer)) {
      heard.add(viewer)
      viewer.on('elements.changed', onChange)
    }
    const views = modeler
      .getViews()
      .map(({ id, name, element, type }) => ({ id, name: name || element.name || element.id, type }))
    onViews(views, modeler.getActiveView()?.id ?? null)
  })
  await modeler.importXML(xml)
  const table = modeler.getViews().find(({ type }) => type === 'decisionTable')
  if (table) await modeler.open(table)
  return {
    xml: async () => (await modeler.saveXML({ format: true })).xml,
    show: async (viewId) => {
      const view = modeler.getViews().find(({ id }) => id === viewId)
      if (view) await modeler.open(view)
    },
    destroy: () => {
      untranslate()
      modeler.destroy()
    },
  }
}

/** What dmn-js asks its words of; some of its parts do not ask, and are translated as they come. */
const saying =
  (texts: Record<string, string>) =>
  (text: string, values: Record<string, unknown> = {}): string =>
    (texts[text] ?? text).replace(/{\s*([^}]+?)\s*}/g, (all, name: string) => String(values[name] ?? all))

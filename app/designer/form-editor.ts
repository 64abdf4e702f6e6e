import '@bpmn-io/form-js-viewer/dist/assets/form-js.css'
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css'
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css'
import '@bpmn-io/form-js-editor/dist/assets/dragula.css'
import '../styles/own-forms.css'
import '../styles/form-editor.css'
import { FormEditor } from '@bpmn-io/form-js-editor'
import { translateTexts } from '../own-forms/translate-texts.ts'
import { constructEditorStyles } from './editor-styles.ts'

export interface OpenFormEditor {
  /** The form as it is drawn, as the flow's file stores it. */
  json(): string
  destroy(): void
}

/** A form with nothing in it yet but what most steps ask. */
const blank = (id: string, label: string) => ({
  type: 'default',
  id,
  schemaVersion: 18,
  components: [{ type: 'textarea', key: 'opinion', id: 'Field_opinion', label }],
})

/** The editor of form-js on an element of the page, with a form opened. Browser only. */
export async function openFormEditor(
  container: HTMLElement,
  { json, label, texts }: { json: string; label: string; texts: Record<string, string> },
): Promise<OpenFormEditor> {
  constructEditorStyles()
  const untranslate = translateTexts(container, texts)
  const editor = new FormEditor({ container })
  await editor.importSchema(
    json.trim() === '' ? blank(`Form_${crypto.randomUUID().slice(0, 8)}`, label) : (JSON.parse(json) as object),
  )
  return {
    json: () => JSON.stringify(editor.saveSchema()),
    destroy: () => {
      untranslate()
      editor.destroy()
    },
  }
}

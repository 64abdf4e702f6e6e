import { StyleModule } from 'style-mod'

type Sheets = Pick<DocumentOrShadowRoot, 'adoptedStyleSheets'>

/** The document as an editor in a shadow tree meets it: without a head, so that its rules become a constructed style sheet. */
const withoutHead = {
  ownerDocument: typeof document === 'undefined' ? undefined : document,
  get adoptedStyleSheets() {
    return (document as Sheets).adoptedStyleSheets
  },
  set adoptedStyleSheets(sheets) {
    ;(document as Sheets).adoptedStyleSheets = sheets
  },
}

let done = false

/** CodeMirror (the FEEL editor) writes style elements, which the page's content policy does not let in; constructed sheets it does. */
export function constructEditorStyles(): void {
  if (done) return
  done = true
  const mount = StyleModule.mount.bind(StyleModule)
  StyleModule.mount = (root, modules, options) =>
    mount(root === document ? (withoutHead as unknown as ShadowRoot) : root, modules, options)
}

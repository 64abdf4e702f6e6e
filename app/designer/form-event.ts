/** What the properties panel fires for the page to open the editor of a step's own form: `{ element }`. */
export const EDIT_FORM = 'imoit.editForm'

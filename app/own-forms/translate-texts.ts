const ATTRIBUTES = ['placeholder', 'title', 'aria-label', 'data-tooltip']

/**
 * Puts other words for those a library has no translation of its own for, as they come: whole texts and labels, looked up by
 * their English. Editors and what people enter are left alone.
 * @returns ends it
 */
export function translateTexts(root: HTMLElement, texts: Record<string, string>): () => void {
  if (Object.keys(texts).length === 0) return () => undefined
  const word = (text: string) => (Object.hasOwn(texts, text) ? texts[text] : undefined)
  const say = (node: Node) => {
    if (node instanceof Text) {
      const trimmed = node.data.trim()
      const said =
        trimmed === '' || node.parentElement?.closest('.cm-editor, [contenteditable]') ? undefined : word(trimmed)
      if (said !== undefined) node.data = node.data.replace(trimmed, said)
      return
    }
    if (!(node instanceof Element)) return
    for (const name of ATTRIBUTES) {
      const said = word(node.getAttribute(name) ?? '')
      if (said !== undefined) node.setAttribute(name, said)
    }
    for (const child of node.childNodes) say(child)
  }
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') for (const node of addedNodes) say(node)
      else if (type === 'characterData') say(target)
      else if (target instanceof Element)
        for (const name of ATTRIBUTES) {
          const said = word(target.getAttribute(name) ?? '')
          if (said !== undefined) target.setAttribute(name, said)
        }
    }
  })
  say(root)
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES })
  return () => observer.disconnect()
}

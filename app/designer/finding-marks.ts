import type { Finding } from '#bpmn/finding.ts'
import type { Language } from '../language.ts'
import type { DesignerModeler } from './modeler-services.ts'

/** Puts a sign on each element that something was found about. @returns what takes them away again */
export function markFindings(modeler: DesignerModeler, findings: Finding[], language: Language): () => void {
  const overlays = modeler.get('overlays')
  const registry = modeler.get('elementRegistry')
  const byElement = new Map<string, Finding[]>()
  for (const finding of findings) {
    const id = finding.elementId ?? ''
    byElement.set(id, [...(byElement.get(id) ?? []), finding])
  }
  const put: string[] = []
  for (const [id, ofElement] of byElement) {
    const element = registry.get(id)
    if (!element || element === modeler.get('canvas').getRootElement()) continue
    const sign = document.createElement('div')
    sign.className = 'finding-sign'
    sign.dataset.tone = ofElement.some(({ severity }) => severity === 'error') ? 'bad' : 'soon'
    sign.title = ofElement.map((finding) => finding[language]).join('\n')
    // The list beside the drawing says the same in words.
    sign.ariaHidden = 'true'
    sign.textContent = '!'
    put.push(overlays.add(id, 'finding', { position: { top: -10, left: -10 }, html: sign }))
  }
  return () => {
    for (const id of put) overlays.remove(id)
  }
}

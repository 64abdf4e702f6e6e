import type { DesignerModeler } from './modeler-services.ts'
import type { TrialState } from './trial.ts'

/** Puts the tokens of a trial on the canvas, and colours the way they came. @returns what takes it away again */
export function markTrial(modeler: DesignerModeler, state: TrialState): () => void {
  const [canvas, overlays, registry] = [modeler.get('canvas'), modeler.get('overlays'), modeler.get('elementRegistry')]
  const passed = state.path.filter((id) => registry.get(id))
  for (const id of passed) canvas.addMarker(id, 'trial-passed')
  const counts = new Map<string, number>()
  for (const id of state.tokens) counts.set(id, (counts.get(id) ?? 0) + 1)
  const put: string[] = []
  for (const [id, count] of counts) {
    if (!registry.get(id)) continue
    const token = document.createElement('div')
    token.className = 'trial-token'
    token.ariaHidden = 'true'
    token.textContent = count > 1 ? String(count) : ''
    put.push(overlays.add(id, 'trial', { position: { bottom: 10, left: -10 }, html: token }))
  }
  return () => {
    for (const id of passed) if (registry.get(id)) canvas.removeMarker(id, 'trial-passed')
    for (const id of put) overlays.remove(id)
  }
}

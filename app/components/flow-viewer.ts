import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

/** Options of bpmn-js that draw a flow in the page's colours and type. Browser only. */
export function drawingStyle() {
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  return {
    bpmnRenderer: { defaultFillColor: colour('--surface'), defaultStrokeColor: colour('--text') },
    textRenderer: { defaultStyle: { fontFamily: 'Inter Variable, sans-serif' } },
  }
}

/**
 * Loads what shows a flow, and gives what makes a viewer in an element. Browser only.
 * Loaded when it is needed: bpmn-js cannot be imported on the server, and pages without a diagram do without its size.
 */
export async function loadFlowViewer(): Promise<(container: HTMLElement) => NavigatedViewer> {
  const [{ default: Viewer }] = await Promise.all([
    import('bpmn-js/lib/NavigatedViewer'),
    import('bpmn-js/dist/assets/diagram-js.css'),
    import('bpmn-js/dist/assets/bpmn-js.css'),
  ])
  // The wheel goes on scrolling the page.
  return (container) => new Viewer({ container, ...drawingStyle(), zoomScroll: { enabled: false } })
}

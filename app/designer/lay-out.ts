/** The drawing with a diagram: its own, or one laid out for it. */
export async function withDiagram(xml: string): Promise<{ xml: string; laidOut: boolean }> {
  if (/<(\w+:)?BPMNShape[\s>]/.test(xml)) return { xml, laidOut: false }
  const { layoutProcess } = await import('bpmn-auto-layout')
  return { xml: await layoutProcess(xml), laidOut: true }
}

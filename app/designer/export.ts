import type { DesignerModeler } from './modeler-services.ts'

/** Hands the drawing over as a file. */
export async function exportAs(
  modeler: DesignerModeler,
  format: 'bpmn' | 'svg' | 'png',
  flowId: string,
): Promise<void> {
  if (format === 'bpmn') {
    const { xml = '' } = await modeler.saveXML({ format: true })
    return handOver(new Blob([xml], { type: 'application/xml' }), `${flowId}.bpmn`)
  }
  const { svg } = await modeler.saveSVG()
  const drawing = new Blob([svg], { type: 'image/svg+xml' })
  handOver(format === 'svg' ? drawing : await asPng(drawing), `${flowId}.${format}`)
}

/** Twice the size on the screen: to be read on paper. */
const SCALE = 2
/** Pixels on a side that browsers draw. */
const MOST = 16_000

async function asPng(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const scale = Math.min(SCALE, MOST / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = image.width * scale
    canvas.height = image.height * scale
    const context = canvas.getContext('2d')
    if (!context) throw new Error('The browser draws no pictures')
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface')
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture was not made'))), 'image/png')
    })
  } finally {
    URL.revokeObjectURL(address)
  }
}

function handOver(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}

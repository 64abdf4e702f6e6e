import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { publicServicesReply } from '#app/demonstration/public-services.ts'
import { letterPaper } from '#app/print/letter-paper.ts'

/** The reply as a PDF. `remark` makes one version differ from another. */
export function replyPdf(answered: { code: string; date: string }, remark: string): Promise<Buffer> {
  const letter = publicServicesReply(answered)
  return letterPaper({ ...letter, body: [...letter.body, remark] })
}

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

/** A Word file with these paragraphs, as small as Word opens it. */
export const wordFile = (...paragraphs: string[]): Promise<Buffer> =>
  wordPackage(paragraphs.map((words) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`).join(''))

/** A Word file with a picture that is not inside it but at an address. */
export function wordFileThatFetches(address: string, words: string): Promise<Buffer> {
  const drawing = 'http://schemas.openxmlformats.org/drawingml/2006'
  const size = '<wp:extent cx="914400" cy="914400"/>'
  const picture = `<pic:pic xmlns:pic="${drawing}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="picture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>`
  const graphic = `<a:graphic xmlns:a="${drawing}/main"><a:graphicData uri="${drawing}/picture">${picture}</a:graphicData></a:graphic>`
  const inline = `<wp:inline xmlns:wp="${drawing}/wordprocessingDrawing">${size}<wp:docPr id="1" name="p"/>${graphic}</wp:inline>`
  return wordPackage(
    `<w:p><w:r><w:t>${words}</w:t></w:r></w:p><w:p><w:r><w:drawing>${inline}</w:drawing></w:r></w:p>`,
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="picture" Type="${OFFICE}/image" Target="${address}" TargetMode="External"/></Relationships>`,
  )
}

async function wordPackage(body: string, relations?: string): Promise<Buffer> {
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
    ...(relations ? { 'word/_rels/document.xml.rels': relations } : {}),
  }
  const zip = new ZipFile()
  for (const [name, xml] of Object.entries(parts))
    zip.addBuffer(Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`), name)
  zip.end()
  return buffer(zip.outputStream)
}

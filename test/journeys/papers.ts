import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { publicServicesReply } from '#app/demonstration/public-services.ts'
import { letterPaper } from '#app/print/letter-paper.ts'

/** The reply as a PDF. `remark` makes one version differ from another. */
export function replyPdf(answered: { code: string; date: string }, remark: string): Promise<Buffer> {
  const letter = publicServicesReply(answered)
  return letterPaper({ ...letter, body: [...letter.body, remark] })
}

/** A Word file with these paragraphs, as small as Word opens it. */
export async function wordFile(...paragraphs: string[]): Promise<Buffer> {
  const text = paragraphs.map((words) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`).join('')
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${word}"><w:body>${text}</w:body></w:document>`,
  }
  const zip = new ZipFile()
  for (const [name, xml] of Object.entries(parts))
    zip.addBuffer(Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`), name)
  zip.end()
  return buffer(zip.outputStream)
}

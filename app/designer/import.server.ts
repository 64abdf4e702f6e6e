import { decodeXml } from '#bpmn/decode-xml.ts'
import { MAX_DRAWING_BYTES } from '#db/flow-drafts.ts'
import { Refusal } from '#db/refusal.ts'
import { readDrawing, type DrawingFacts } from './drawing.ts'

/** The drawing in a file that somebody chose. Throws Refusal `drawing-too-large`, `not-bpmn`. */
export async function readImport(file: File): Promise<{ xml: string; facts: DrawingFacts }> {
  if (file.size > MAX_DRAWING_BYTES) throw tooLarge(file)
  const { text, problem } = decodeXml(new Uint8Array(await file.arrayBuffer()))
  if (problem !== null) throw unknownEncoding(file.name, problem)
  return { xml: text, facts: readDrawing(text) }
}

const tooLarge = ({ name, size }: File) => {
  const [megabytes, most] = [(size / 1_000_000).toFixed(1), MAX_DRAWING_BYTES / 1_000_000]
  return new Refusal('drawing-too-large', 413, {
    vi: `Tệp "${name}" nặng ${megabytes.replace('.', ',')} MB, sơ đồ chỉ được tới ${most} MB nên chưa có gì được lưu. Hãy kiểm tra xem có đúng tệp .bpmn không.`,
    en: `"${name}" has ${megabytes} MB and a drawing may have ${most} MB, so nothing was kept. Check whether it is the right .bpmn file.`,
  })
}

const unknownEncoding = (name: string, encoding: string) =>
  new Refusal('not-bpmn', 422, {
    vi: `Tệp "${name}" không đọc được theo bảng mã ${encoding} nên chưa có gì được lưu. Hãy lưu lại tệp bằng UTF-8 rồi thử lại.`,
    en: `"${name}" cannot be read as ${encoding}, so nothing was kept. Save it as UTF-8 and try again.`,
  })

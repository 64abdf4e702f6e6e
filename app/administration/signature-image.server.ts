import { Refusal } from '#db/refusal.ts'
import { drawPersonSignature } from '#signing/appearance/draw-appearance.ts'

const MOST_BYTES = 300_000
/** Pixels: a scan at 600 dpi of what a hand writes. */
const LARGEST = 3000
const SMALLEST = 30
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The image of a form's field `image`: a PNG that can be drawn. @throws Refusal for anything else */
export async function imageOf(form: FormData): Promise<Buffer> {
  const file = form.get('image')
  if (!(file instanceof File) || file.size === 0 || file.size > MOST_BYTES) throw noImage()
  const image = Buffer.from(await file.arrayBuffer())
  if (image.length < 33 || !image.subarray(0, 8).equals(PNG)) throw noImage()
  const sides = [image.readUInt32BE(16), image.readUInt32BE(20)]
  if (sides.some((side) => side < SMALLEST || side > LARGEST)) throw noImage()
  try {
    await drawPersonSignature({ image, name: '' }, { width: 100, height: 50 })
  } catch (error) {
    throw Object.assign(noImage(), { cause: error })
  }
  return image
}

const noImage = () => {
  const sentence = {
    vi: 'Tệp không dùng làm ảnh chữ ký được nên chưa có gì thay đổi. Hãy chọn ảnh PNG nền trong, tối đa 300 kB, mỗi cạnh 30–3000 điểm ảnh.',
    en: 'The file cannot be drawn as a signature, so nothing was changed. Choose a PNG with a transparent ground, at most 300 kB, each side 30–3000 pixels.',
  }
  return new Refusal('image-unreadable', 422, sentence, { image: sentence })
}

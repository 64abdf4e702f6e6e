/** What a message does to the document it names: `Bussiness/BussinessDocType` (the field's spelling). */
export const bussinessDocTypes = [
  { code: 0, key: 'new', vi: 'Văn bản mới', en: 'New document' },
  { code: 1, key: 'recall', vi: 'Thu hồi', en: 'Recall' },
  { code: 2, key: 'update', vi: 'Cập nhật', en: 'Update' },
  { code: 3, key: 'replace', vi: 'Thay thế', en: 'Replacement' },
] as const

export type BussinessDocTypeCode = (typeof bussinessDocTypes)[number]['code']

/** The type with this code; undefined for an unknown one. */
export function bussinessDocTypeOf(code: number) {
  return bussinessDocTypes.find((type) => type.code === code)
}

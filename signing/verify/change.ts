import type { Change } from './report.ts'

const ON = (page: number | undefined) =>
  page === undefined ? { vi: '', en: '' } : { vi: ` ở trang ${page}`, en: ` on page ${page}` }

/** A change with its words. `what` names it: a field, a person, a part of the file. */
export function change(kind: Change['kind'], permitted: boolean, what = '', page?: number): Change {
  const where = ON(page)
  const words: Record<Change['kind'], { vi: string; en: string }> = {
    signature: { vi: `Chữ ký “${what}” được thêm${where.vi}.`, en: `The signature “${what}” was added${where.en}.` },
    'time-stamp': { vi: 'Dấu thời gian cho cả tài liệu được thêm.', en: 'A time stamp over the document was added.' },
    'validation-data': {
      vi: 'Dữ liệu để kiểm tra chữ ký về sau được thêm.',
      en: 'Data for validating the signatures later was added.',
    },
    field: {
      vi: `Ô “${what}” được điền hoặc sửa${where.vi}.`,
      en: `The field “${what}” was filled in or changed${where.en}.`,
    },
    comment: { vi: `Ghi chú được thêm${where.vi}.`, en: `A comment was added${where.en}.` },
    properties: {
      vi: 'Thuộc tính tệp (ngày sửa, phần mềm) được cập nhật.',
      en: 'Properties of the file (date, software) were updated.',
    },
    content: { vi: `Nội dung đã bị sửa${where.vi} (${what}).`, en: `Content was changed${where.en} (${what}).` },
    structure: {
      vi: `Cấu trúc tệp đã bị can thiệp (${what}).`,
      en: `The structure of the file was tampered with (${what}).`,
    },
  }
  const sentence = words[kind]
  const denied = permitted
    ? { vi: '', en: '' }
    : { vi: ' Chữ ký không cho phép việc này.', en: ' The signature does not permit this.' }
  return {
    kind,
    permitted,
    vi: sentence.vi + denied.vi,
    en: sentence.en + denied.en,
    ...(page === undefined ? {} : { page }),
  }
}

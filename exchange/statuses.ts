/**
 * Business statuses that agencies send each other about a document (QĐ 28/2018/QĐ-TTg). They are not the transport's
 * acknowledgement (`processing | done | fail`), which only says whether a program has fetched the message.
 */
const statuses = [
  { code: '01', key: 'arrived', vi: 'Đã đến', en: 'Arrived' },
  { code: '02', key: 'refused', vi: 'Từ chối tiếp nhận', en: 'Refused' },
  { code: '03', key: 'registered', vi: 'Đã tiếp nhận, vào sổ', en: 'Registered' },
  { code: '04', key: 'assigned', vi: 'Đã phân công', en: 'Assigned' },
  { code: '05', key: 'inProgress', vi: 'Đang xử lý', en: 'In progress' },
  { code: '06', key: 'completed', vi: 'Đã hoàn thành', en: 'Completed' },
  { code: '13', key: 'recallRequested', vi: 'Bên gửi yêu cầu lấy lại', en: 'Sender asks to take it back' },
  { code: '15', key: 'recallAgreed', vi: 'Bên nhận đồng ý', en: 'Receiver agrees' },
  { code: '16', key: 'recallRefused', vi: 'Bên nhận từ chối', en: 'Receiver refuses' },
] as const

export type StatusCode = (typeof statuses)[number]['code']

export const statusCodes = statuses.map((status) => status.code) as [StatusCode, ...StatusCode[]]

/** The status with this code; undefined for a code that the field does not know. */
export function statusOf(code: string) {
  return statuses.find((status) => status.code === code)
}

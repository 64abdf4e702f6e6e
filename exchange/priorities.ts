/** Urgency as `OtherInfo/Priority` carries it. `key` is the name that a register entry uses. */
export const priorities = [
  { code: 0, key: 'normal', vi: 'Thường', en: 'Normal' },
  { code: 1, key: 'urgent', vi: 'Khẩn', en: 'Urgent' },
  { code: 2, key: 'veryUrgent', vi: 'Thượng khẩn', en: 'Very urgent' },
  { code: 3, key: 'express', vi: 'Hỏa tốc', en: 'Express' },
  { code: 4, key: 'expressTimed', vi: 'Hỏa tốc hẹn giờ', en: 'Express at a set hour' },
] as const

export type PriorityCode = (typeof priorities)[number]['code']

/** The priority with this code; undefined for an unknown one. */
export function priorityOf(code: number) {
  return priorities.find((priority) => priority.code === code)
}

/** `SteeringType`: whether the document directs somebody. 0 is seen on the wire though the list starts at 1. */
export const steeringTypes = [
  { code: 0, vi: 'Không nêu', en: 'Not said' },
  { code: 1, vi: 'Không phải văn bản chỉ đạo', en: 'Not steering' },
  { code: 2, vi: 'Văn bản chỉ đạo', en: 'Steering' },
  { code: 3, vi: 'Báo cáo thực hiện chỉ đạo', en: 'Report on steering' },
] as const

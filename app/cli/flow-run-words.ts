import type { CaseStatus } from '#bpmn/case.ts'
import type { Language } from '../language.ts'

/** What stepping through a flow says. */
export interface FlowRunWords {
  help: string[]
  statuses: Record<CaseStatus, string>
  stands: (now: string, status: string) => string
  ended: (outcome: string) => string
  left: (what: string) => string
  variables: (json: string) => string
  task: (id: string, name: string, who: string, due: string | null) => string
  call: (id: string, type: string, input: string) => string
  incident: (id: string, message: string) => string
  timer: (at: string) => string
  message: (name: string, key: string | null) => string
  signal: (name: string) => string
  condition: string
  data: string
  sends: (name: string, key: string | null, variables: string) => string
  signals: (name: string, variables: string) => string
  late: (reason: string) => string
  noNumber: (text: string) => string
  noTimer: string
  noInstant: (text: string) => string
  noJson: (text: string) => string
}

const named = (id: string, name: string) => (name && name !== id ? `${id} "${name.replace(/\s+/g, ' ')}"` : id)

export const flowRunWords: Record<Language, FlowRunWords> = {
  vi: {
    help: [
      'complete N [kết quả] [JSON]   hoàn thành việc số N        answer N [JSON]    trả lời lời gọi số N',
      'fail N [mã] [lời]             lời gọi số N gặp lỗi        retry N [JSON]     thử lại sự cố số N        skip N   bỏ qua',
      'time [thời điểm | P…]         tới hạn kế tiếp, tới thời điểm, hoặc thêm một khoảng',
      'message TÊN [khóa] [JSON]     signal TÊN [JSON]           set JSON   vars   show   cancel   quit',
    ],
    statuses: { running: 'đang chạy', stuck: 'bị kẹt', completed: 'hoàn thành', terminated: 'đã dừng', failed: 'hỏng' },
    stands: (now, status) => `${now}  ${status}`,
    ended: (outcome) => `Hồ sơ kết thúc: ${outcome}`,
    left: (what) => `Còn sót lại: ${what}`,
    variables: (json) => `Biến: ${json}`,
    task: (id, name, who, due) => `việc ${named(id, name)} cho ${who || 'chưa ai'}${due ? `, hạn ${due}` : ''}`,
    call: (id, type, input) => `lời gọi ${id} tới ${type} ${input}`,
    incident: (id, message) => `SỰ CỐ ở ${id}: ${message}`,
    timer: (at) => `hẹn giờ ${at}`,
    message: (name, key) => `chờ thông điệp ${name}${key === null ? '' : ` (${key})`}`,
    signal: (name) => `chờ tín hiệu ${name}`,
    condition: 'chờ điều kiện',
    data: 'chờ dữ liệu vào',
    sends: (name, key, variables) => `  gửi thông điệp ${name}${key === null ? '' : ` (${key})`} ${variables}`,
    signals: (name, variables) => `  phát tín hiệu ${name} ${variables}`,
    late: (reason) => `Không có tác dụng: ${reason}`,
    noNumber: (text) => `Không có số ${text}; gõ "show" để xem.`,
    noTimer: 'Không có hẹn giờ nào.',
    noInstant: (text) => `"${text}" không phải là thời điểm hay khoảng thời gian về sau.`,
    noJson: (text) => `"${text}" không phải là một đối tượng JSON.`,
  },
  en: {
    help: [
      'complete N [outcome] [JSON]   does task N                 answer N [JSON]    answers call N',
      'fail N [code] [words]         call N fails                retry N [JSON]     retries incident N        skip N   skips it',
      'time [instant | P…]           to the next timer, to an instant, or by a duration',
      'message NAME [key] [JSON]     signal NAME [JSON]          set JSON   vars   show   cancel   quit',
    ],
    statuses: {
      running: 'running',
      stuck: 'stuck',
      completed: 'completed',
      terminated: 'terminated',
      failed: 'failed',
    },
    stands: (now, status) => `${now}  ${status}`,
    ended: (outcome) => `The case has ended: ${outcome}`,
    left: (what) => `Left over: ${what}`,
    variables: (json) => `Variables: ${json}`,
    task: (id, name, who, due) => `task ${named(id, name)} for ${who || 'nobody yet'}${due ? `, due ${due}` : ''}`,
    call: (id, type, input) => `call ${id} of ${type} ${input}`,
    incident: (id, message) => `INCIDENT at ${id}: ${message}`,
    timer: (at) => `timer at ${at}`,
    message: (name, key) => `waits for the message ${name}${key === null ? '' : ` (${key})`}`,
    signal: (name) => `waits for the signal ${name}`,
    condition: 'waits for a condition',
    data: 'waits for its input data',
    sends: (name, key, variables) => `  sends the message ${name}${key === null ? '' : ` (${key})`} ${variables}`,
    signals: (name, variables) => `  throws the signal ${name} ${variables}`,
    late: (reason) => `Without effect: ${reason}`,
    noNumber: (text) => `There is no number ${text}; "show" lists them.`,
    noTimer: 'There is no timer.',
    noInstant: (text) => `"${text}" is no instant or duration ahead.`,
    noJson: (text) => `"${text}" is no JSON object.`,
  },
}

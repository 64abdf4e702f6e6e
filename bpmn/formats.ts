import { FLOW_FORMAT, type Flow } from './flow.ts'
import { STATE_FORMAT, type CaseState } from './state.ts'

/** A stored flow or state is of a format that this release does not know: a newer one has written it. */
export class UnknownFormat extends Error {
  readonly code = 'unknown-format'
  readonly status = 409
  readonly vi = 'Bản phần mềm đang chạy cũ hơn bản đã lưu hồ sơ này. Dữ liệu còn nguyên; hãy nâng cấp rồi mở lại.'
  readonly en =
    'This release is older than the one that stored the case. Nothing was lost; upgrade this server and open it again.'

  constructor(what: 'flow' | 'state', format: unknown) {
    super(`The ${what} is of format ${String(format)}`)
    this.name = 'UnknownFormat'
  }
}

/**
 * A flow as it was stored, in today's shape. Format 1 knew fewer elements and named nothing that has gone since: what was added
 * after it is absent. Throws UnknownFormat.
 */
export function readFlow(stored: { format: number }): Flow {
  switch (stored.format) {
    case FLOW_FORMAT:
      return stored as Flow
    case 1:
      return { ...stored, format: FLOW_FORMAT } as Flow
    default:
      throw new UnknownFormat('flow', stored.format)
  }
}

/** A state as it was stored, in today's shape. Throws UnknownFormat. */
export function readState(stored: { format: number }): CaseState {
  switch (stored.format) {
    case STATE_FORMAT:
      return stored as CaseState
    case 1:
      return { ...stored, format: STATE_FORMAT } as CaseState
    default:
      throw new UnknownFormat('state', stored.format)
  }
}

import type { GatewayErrorCode } from '../gateway-errors.ts'
import { gatewayErrors } from '../gateway-errors.ts'

/** A call that the node answers with an error code. `vi` and `en` say what is wrong with this call. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal'
  readonly status: number
  readonly vi: string
  readonly en: string
  constructor(
    readonly code: GatewayErrorCode,
    detail: { vi: string; en: string; status?: number } = gatewayErrors[code],
  ) {
    super(`${code}: ${detail.en}`)
    this.status = detail.status ?? gatewayErrors[code].status
    this.vi = detail.vi
    this.en = detail.en
  }
}

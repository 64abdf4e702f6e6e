/** SQLSTATE classes of a database that cannot serve just now: 08 connection, 53 resources, 57 operator intervention. */
const states = /^(08|53|57)[0-9A-Z]{3}$/
/** The driver's own names and the system's for a connection that was lost or never came to be. */
const connections =
  /^(CONNECT_TIMEOUT|CONNECTION_\w+|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_\w+|ERR_STREAM_\w+)$/

/** The database is not there, or is going down or coming up: whatever was asked can be asked again, and is nobody's fault. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && (states.test(code) || connections.test(code))) return true
  return error.cause !== undefined && isUnavailable(error.cause)
}

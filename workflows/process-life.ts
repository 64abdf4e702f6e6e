/** Tells whoever started this process that it is ready: with its port, when it listens on one. */
export function sayReady(port: number | null): void {
  process.send?.(port === null ? { ready: true } : { listening: port })
}

/** Resolves at SIGTERM or SIGINT. A second one ends the process at once. */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        resolve()
      })
    }
  })
}

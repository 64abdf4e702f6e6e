import { writeSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends the run's output with one line `N passed, N failed`. A file that does not load, a hook that fails and an error
 * nobody caught count as failures, so that nothing fails silently. Written when the process exits: nothing comes after.
 */
export default class CountingReporter implements Reporter {
  private counts: { passed: number; failed: number } | null = null

  onInit(): void {
    process.once('exit', (code) => {
      const counts = this.counts ?? { passed: 0, failed: code === 0 ? 0 : 1 }
      // Something outside every test has failed: the line must not contradict the exit code.
      if (code !== 0 && counts.failed === 0) counts.failed = 1
      writeWhole(`\n${counts.passed} passed, ${counts.failed} failed\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0
    let failed = unhandled.length
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        // Pending: it was begun and its end was never reported.
        else if (state === 'failed' || state === 'pending') failed += 1
      }
    }
    this.counts = { passed, failed }
  }
}

/** A pipe may take less than it is given. */
function writeWhole(text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return // nobody reads any more
    }
  }
}

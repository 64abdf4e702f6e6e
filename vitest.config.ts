import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{app,workflows,db,bpmn,mail,exchange,signing,test}/**/*.test.{ts,tsx}'],
    globalSetup: './test/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    // The longest files wait for servers more than they compute: on two cores two of them go side by side.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // What a test waits for comes when the machine has time for it.
    expect: { poll: { timeout: 20_000 } },
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{app,workflows,db,bpmn,mail,exchange,signing,test}/**/*.test.{ts,tsx}'],
    globalSetup: './test/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})

import { vitePlugin as remix } from '@remix-run/dev'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'

declare module '@remix-run/server-runtime' {
  interface Future {
    v3_singleFetch: true
  }
}

export default defineConfig({
  // Vitest runs plain modules: the Remix plugin would take routes apart into client and server halves.
  plugins: [!process.env.VITEST && remix(remixConfig)],
  // form-js's editor brings another preact than its viewer; drawn together they have to share one.
  resolve: { dedupe: ['preact'] },
  // Mantine is some 700 small files: one bundled file starts seconds sooner than Node resolving each.
  ssr: { noExternal: [/^@mantine\//] },
  // In development: what the browser needs, named, so that nothing is found late and no page reloads itself for it. The
  // scan also reads the routes' server halves; argon2 names a WebAssembly build there that is not installed.
  optimizeDeps: {
    include: [
      'react',
      'react-dom/client',
      'react/jsx-dev-runtime',
      '@remix-run/react',
      '@mantine/core',
      'i18next',
      'react-i18next',
      'zod',
      '@conform-to/zod/v4',
    ],
    exclude: ['@node-rs/argon2'],
  },
  // Chrome 109 is the last for Windows 7, which offices still have.
  build: {
    target: ['chrome109', 'edge109', 'firefox115', 'safari16'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
})

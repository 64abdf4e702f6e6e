import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createRequestHandler } from '@remix-run/express'
import type { AppLoadContext, ServerBuild } from '@remix-run/node'
import compression from 'compression'
import express, { type Response } from 'express'
import helmet from 'helmet'
import { pino } from 'pino'
import { openDatabase } from '#db/database.ts'
import { createFileStore } from '#db/file-store.ts'
import { refuseCrossSite } from './cross-site.ts'
import { readEnvironment } from './environment.server.ts'
import type {} from './load-context.ts'
import { agentUrl } from './signing/agent-address.ts'
import { measureQueries, serverTiming } from './server-timing.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** No request is larger than this, bytes; forms without files are held to less by their guard. */
const largestBody = 110_000_000

const environment = readEnvironment()
const log = pino({ level: environment.logLevel, base: { part: 'web' } })
const db = openDatabase(environment.databaseUrl, { max: 20, applicationName: 'imoit web' })
measureQueries(db.sql)
const files = createFileStore(path.join(environment.dataFolder, 'files'))
const closing = new AbortController()
// Each open stream listens for it, and takes its listener away when it ends: any number of people is no leak.
setMaxListeners(0, closing.signal)

const app = express()
app.disable('x-powered-by')
app.set('trust proxy', environment.trustedProxies ?? false)
app.use(serverTiming)
app.use((request, response, next) => {
  const id = randomBytes(5).toString('hex')
  const startedAt = performance.now()
  const asked = request.path
  response.locals.requestId = id
  response.locals.cspNonce = randomBytes(16).toString('base64')
  response.setHeader('X-Request-Id', id)
  response.on('close', () => {
    const line = { id, method: request.method, path: asked, status: response.statusCode }
    const level = response.statusCode >= 400 ? 'warn' : 'info'
    log[level]({ ...line, ms: Math.round(performance.now() - startedAt) }, 'request')
  })
  next()
})
app.use(
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // wasm: the decoders of scanned pages in PDF files (JBIG2, JPEG 2000).
        scriptSrc: [
          "'self'",
          "'wasm-unsafe-eval'",
          (_request, response) => `'nonce-${(response as Response).locals.cspNonce}'`,
        ],
        styleSrc: ["'self'", ...(environment.development ? ["'unsafe-inline'"] : [])],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // The signing program on the signer's own machine.
        connectSrc: ["'self'", agentUrl, ...(environment.development ? ['ws:'] : [])],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(environment.production ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: environment.production,
    referrerPolicy: { policy: 'same-origin' },
  }),
)
// A stream of events must leave at once, not when a compressor's buffer is full.
app.use(
  compression({
    filter: (request, response) =>
      !String(response.getHeader('Content-Type')).startsWith('text/event-stream') &&
      compression.filter(request, response),
  }),
)

const vite = environment.development
  ? await import('vite').then(({ createServer }) =>
      createServer({ root, server: { middlewareMode: true }, appType: 'custom' }),
    )
  : undefined
if (vite) app.use(vite.middlewares)
else app.use('/assets', express.static(path.join(root, 'build/client/assets'), { immutable: true, maxAge: '1y' }))
const pdfjs = path.join(root, 'node_modules/pdfjs-dist')
for (const folder of ['wasm', 'cmaps', 'standard_fonts', 'iccs'])
  app.use(`/pdfjs/${folder}`, express.static(path.join(pdfjs, folder), { maxAge: '1d' }))
app.use(express.static(path.join(root, 'build/client'), { maxAge: '1h', index: false }))

app.use(refuseCrossSite(environment.publicOrigin))
app.use((request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next()
  const length = Number(request.get('content-length') ?? Number.NaN)
  if (Number.isNaN(length)) return void response.status(411).json({ code: 'length-required' })
  if (length > largestBody) return void response.status(413).json({ code: 'too-large' })
  next()
})

const build = vite
  ? async () => (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild
  : await readBuild()
app.all(
  '*',
  createRequestHandler({
    build,
    // What a person sees of an error is ours in every mode: a sentence and a code, never a stack.
    mode: environment.development ? 'development' : 'production',
    getLoadContext: (request, response): AppLoadContext => ({
      db,
      files,
      environment,
      cspNonce: response.locals.cspNonce as string,
      requestId: response.locals.requestId as string,
      log: log.child({ id: response.locals.requestId as string }),
      address: request.ip ?? 'unknown',
      secure: request.secure,
      setCookie: (cookie) => void response.append('Set-Cookie', cookie),
      closing: closing.signal,
    }),
  }),
)

const server = app.listen(environment.port, environment.host, () => {
  const { port } = server.address() as AddressInfo
  log.info({ address: `http://${environment.host}:${port}` }, 'listening')
  process.send?.({ listening: port })
})
server.on('error', (error: NodeJS.ErrnoException) => {
  log.error({ code: error.code, port: environment.port }, 'cannot listen')
  process.exitCode = 1
  void stop()
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

/** React picks its fast build by NODE_ENV when it is loaded; ours says whether this is a demonstration. */
async function readBuild(): Promise<ServerBuild> {
  const file = path.join(root, 'build/server/index.js')
  if (!existsSync(file)) throw new Error('The web application has not been built: run `npm run build` first')
  const nodeEnvironment = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    return (await import(pathToFileURL(file).href)) as ServerBuild
  } finally {
    if (nodeEnvironment === undefined) Reflect.deleteProperty(process.env, 'NODE_ENV')
    else process.env.NODE_ENV = nodeEnvironment
  }
}

/** Lets running requests end, closes streams and idle connections, then the pool. */
async function stop(): Promise<void> {
  closing.abort()
  const late = setTimeout(() => server.closeAllConnections(), 5_000)
  await new Promise((resolve) => server.close(resolve))
  clearTimeout(late)
  await vite?.close()
  await db.close()
  log.info('stopped')
}

import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.layer.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/forms.css'
import './styles/submit.css'
import './styles/parts.css'
import './styles/lists.css'
import './styles/list-tools.css'
import './styles/tabs.css'
import './styles/frame.css'
import './styles/top.css'
import './styles/phone-bar.css'
import './styles/key-list.css'
import './styles/print.css'
import './styles/touch.css'
import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import interVietnamese from '@fontsource-variable/inter/files/inter-vietnamese-wght-normal.woff2?url'
import { createTheme, MantineProvider, type MantineColorSchemeManager } from '@mantine/core'
import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node'
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorView } from './components/ErrorView.tsx'
import { Skeleton } from './components/Skeleton.tsx'
import { languageOf } from './i18n.server.ts'
import type { ColorScheme } from './language.ts'
import { useNonce } from './nonce.ts'
import { TranslationData, usePageTitle, type RouteHandle } from './translation-data.tsx'
import { readSignedIn } from './viewer.server.ts'

export const handle: RouteHandle = { i18n: ['common', 'frame'] }

export const links: LinksFunction = () => [
  { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
  ...[interLatin, interVietnamese].map((href) => ({
    rel: 'preload' as const,
    as: 'font' as const,
    type: 'font/woff2',
    href,
    crossOrigin: 'anonymous' as const,
  })),
]

/** Public: what the document needs before anybody is signed in. It never fails, the error page stands in it too. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const signedIn = await readSignedIn(request, context).catch(() => null)
  return {
    language: await languageOf(request, context),
    colorScheme: signedIn?.person.colorScheme ?? ('auto' satisfies ColorScheme),
    requestId: context.requestId,
  }
}

/** Language and colours change with a whole new page. */
export const shouldRevalidate: ShouldRevalidateFunction = () => false

const theme = createTheme({
  fontFamily: 'var(--font)',
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 4 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  autoContrast: false,
})

/** The scheme is the person's, from the server: nothing is kept in the browser. */
function schemeOf(scheme: ColorScheme): MantineColorSchemeManager {
  const nothing = () => undefined
  return { get: () => scheme, set: nothing, subscribe: nothing, unsubscribe: nothing, clear: nothing }
}

/** Where the person leaves it to the machine, asked before the first paint. */
const askMachine = `document.documentElement.dataset.mantineColorScheme=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'`

export function Layout({ children }: { children: ReactNode }) {
  const loaded = useRouteLoaderData<typeof loader>('root')
  const { i18n } = useTranslation()
  const nonce = useNonce()
  const scheme = loaded?.colorScheme ?? 'auto'
  return (
    <html
      lang={i18n.language}
      data-mantine-color-scheme={scheme === 'dark' ? 'dark' : 'light'}
      suppressHydrationWarning
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={scheme === 'auto' ? 'light dark' : scheme} />
        <title>{usePageTitle()}</title>
        <Meta />
        <Links />
        {scheme === 'auto' && (
          <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: askMachine }} />
        )}
      </head>
      <body>
        {/* Colours and sizes are in styles/base.css: no style element has to be written into the page. */}
        <MantineProvider
          theme={theme}
          withCssVariables={false}
          withGlobalClasses={false}
          defaultColorScheme={scheme}
          colorSchemeManager={schemeOf(scheme)}
        >
          {children}
        </MantineProvider>
        <TranslationData />
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function Root() {
  return (
    <Suspense fallback={<Skeleton rows={8} />}>
      <Outlet />
    </Suspense>
  )
}

export function ErrorBoundary() {
  return (
    <main className="alone">
      <ErrorView />
    </main>
  )
}

import { RouteError } from '../components/ErrorView.tsx'
import { DocumentListPage } from '../documents/DocumentListPage.tsx'
import { documentListLoader } from '../documents/list.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['documents'], title: 'documents:list.outgoing' }

export const loader = documentListLoader('outgoing')

export default DocumentListPage

export { RouteError as ErrorBoundary }

import { expect, it } from 'vitest'
import type { PageFile } from '#db/task-page.ts'
import { filesToShow } from './files-to-show.ts'

const file = (fileId: string, role: PageFile['role']): PageFile => ({
  fileId,
  documentId: 'd',
  role,
  name: `${fileId}.pdf`,
  sha256: fileId,
  size: 1,
  mediaType: 'application/pdf',
  version: 1,
})
const draft = (fileId: string) => {
  const { role: _role, ...rest } = file(fileId, 'draft')
  return { ...rest, addedBy: null, addedAt: 0 }
}
const ids = (files: PageFile[]) => files.map(({ fileId }) => fileId)

it('shows what arrived before the drafts of the reply, and the drafts first where they are decided on', () => {
  const own = [file('letter', 'main')]
  expect(ids(filesToShow({ formKey: 'incoming.handle' }, own, [draft('v2'), draft('v1')], []))).toEqual([
    'letter',
    'v2',
    'v1',
  ])
  expect(ids(filesToShow({ formKey: 'incoming.signOff' }, own, [draft('v2'), draft('v1')], []))).toEqual([
    'v2',
    'v1',
    'letter',
  ])
})

it('names each file once where the document is drafted here', () => {
  const own = [file('appendix', 'attachment'), file('v2', 'draft'), file('v1', 'draft')]
  expect(ids(filesToShow({ formKey: 'outgoing.approve' }, own, [draft('v2'), draft('v1')], []))).toEqual([
    'v2',
    'v1',
    'appendix',
  ])
})

it('shows the appendices of a reply beside its drafts, each once', () => {
  const { role: _role, ...appendix } = file('appendix', 'attachment')
  const own = [file('letter', 'main')]
  const shown = filesToShow({ formKey: 'incoming.dispatch' }, own, [draft('v1')], [appendix])
  expect(ids(shown)).toEqual(['v1', 'appendix', 'letter'])
  const drafted = [file('appendix', 'attachment'), file('v1', 'draft')]
  expect(ids(filesToShow({ formKey: 'outgoing.approve' }, drafted, [draft('v1')], [appendix]))).toEqual([
    'v1',
    'appendix',
  ])
})

import type { Appendix } from '#db/appendices.ts'
import type { DraftVersion } from '#db/draft-versions.ts'
import type { PageFile, TaskPage } from '#db/task-page.ts'

/** Forms that decide on the draft: it is looked at first. */
const onDraft = new Set([
  'incoming.approve',
  'incoming.signOff',
  'incoming.dispatch',
  'outgoing.approve',
  'outgoing.checkFormat',
  'outgoing.checkLaw',
])

/** The files of a task's page, each once, the one to be looked at first in front. */
export function filesToShow(
  task: Pick<TaskPage, 'formKey'>,
  own: readonly PageFile[],
  drafts: readonly DraftVersion[],
  appendices: readonly Appendix[],
): PageFile[] {
  const versions = drafts.map(({ addedBy: _by, addedAt: _at, ...draft }): PageFile => ({ ...draft, role: 'draft' }))
  const attached = appendices.map((appendix): PageFile => ({ ...appendix, role: 'attachment' }))
  const drafted = [...versions, ...attached]
  // What is drafted here has its drafts among its own files.
  const others = own.filter(({ fileId }) => !drafted.some((file) => file.fileId === fileId))
  return task.formKey !== null && onDraft.has(task.formKey) ? [...drafted, ...others] : [...others, ...drafted]
}

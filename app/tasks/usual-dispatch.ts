import type { UnitChoice } from '#db/task-choices.ts'
import type { ShownTask } from './shown-task.ts'

/** What the registry writes of a document as it goes out, unless somebody changes it. */
export interface UsualDispatch {
  kindCode: string
  subject: string
  recipients: string
  copies: number
  recipientAgencies: string[]
  recipientUnits: string[]
}

/**
 * What is drafted here says its kind and recipients itself; a reply is a letter to who asked, kept by the unit that wrote it. The words
 * stand in the document, in Vietnamese whatever the language of the screen.
 */
export function usualDispatch(
  { document, given }: Pick<ShownTask, 'document' | 'given'>,
  units: readonly Pick<UnitChoice, 'code' | 'notation'>[],
): UsualDispatch {
  if (document?.direction === 'outgoing')
    return {
      kindCode: document.kindCode ?? 'CV',
      subject: document.subject,
      recipients: document.recipients ?? '',
      copies: 1,
      recipientAgencies: given.recipientAgencies,
      recipientUnits: given.recipientUnits,
    }
  const keeper = units
    .find(({ code }) => code === given.leadUnit)
    ?.notation?.split('-')
    .at(-1)
  return {
    kindCode: 'CV',
    subject: `V/v trả lời: ${document?.subject ?? ''}`.slice(0, 500),
    recipients: ['- Như trên;', `- Lưu: VT${keeper ? `, ${keeper}` : ''}.`].join('\n'),
    copies: 1,
    recipientAgencies: document?.source === 'exchange' && document.agencyCode ? [document.agencyCode] : [],
    recipientUnits: [...new Set([...given.coordinatingUnits, ...given.informationUnits])],
  }
}

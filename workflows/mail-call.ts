import type { Variables } from '#bpmn/case.ts'
import { noteLetterSent, type ClaimedCall } from '#db/case-work.ts'
import type { Addressee } from '#db/letter-news.ts'
import { MailError } from '#mail/mail-error.ts'
import { sendLetter, type OutgoingLetter } from '#mail/send.ts'
import type { Wording } from '#mail/templates/wording.ts'
import {
  chaseLetters,
  concludedLetters,
  decidedLetters,
  dispatchLetters,
  informLetters,
  noticeLetters,
  returnedLetters,
} from './document-letters.ts'
import { CallRefused, type Outside } from './outside.ts'
import { taskLetters } from './task-letters.ts'

/** A letter to one person, before it gets its Message-ID. */
export interface LetterTo {
  addressee: Addressee
  wording: Wording
  attachments?: OutgoingLetter['attachments']
}

/** Who writes the letters of a call. None to write means that none is needed any more. */
const writers: Record<string, (outside: Outside, call: ClaimedCall) => Promise<LetterTo[]>> = {
  'letter.task': taskLetters,
  'letter.inform': informLetters,
  'letter.notice': noticeLetters,
  'letter.dispatch': dispatchLetters,
  'letter.chase': chaseLetters,
  'letter.returned': returnedLetters,
  'letter.decided': decidedLetters,
  'letter.concluded': concludedLetters,
}

/**
 * Sends the letters of a call, one to each person in their language. A repeat sends only what the mail server has not taken,
 * and under the same Message-ID. Throws CallRefused for good, MailError (not permanent) for now.
 */
export async function performMailCall(
  outside: Outside,
  call: ClaimedCall,
  onSent: (messageId: string) => void = () => {},
): Promise<Variables> {
  const write = writers[call.serviceType]
  if (!write) throw new CallRefused('service-unknown', `no letter ${call.serviceType}`)
  const letters = await write(outside, call)
  const sent = new Set(call.sent)
  const refusals: { code: string; message: string }[] = []
  for (const letter of letters) {
    const messageId = messageIdOf(outside, call, letter.addressee)
    if (sent.has(messageId)) continue
    try {
      await sendLetter(outside.smtp, addressed(outside, call, letter, messageId))
    } catch (error) {
      // Somebody whose address is refused must not keep the others from their letters.
      if (!(error instanceof MailError && error.permanent)) throw error
      refusals.push({ code: error.code, message: `${letter.addressee.email}: ${error.message}` })
      continue
    }
    onSent(messageId)
    if (letters.length > 1) await noteLetterSent(outside.db, call.id, messageId)
  }
  const [first] = refusals
  if (first) throw new CallRefused(first.code, refusals.map(({ message }) => message).join('; '))
  return { letters: letters.length }
}

/** The same however often the call is repeated, and whoever else has become or ceased to be an addressee meanwhile. */
function messageIdOf({ environment }: Outside, call: ClaimedCall, addressee: Addressee): string {
  return `<${call.id}.${addressee.personId}@${environment.mailDomain}>`
}

function addressed(
  { environment }: Outside,
  call: ClaimedCall,
  { addressee, wording, attachments }: LetterTo,
  messageId: string,
): OutgoingLetter {
  return {
    from: { name: 'iMOIT', address: `imoit@${environment.mailDomain}` },
    to: [{ name: addressee.fullName, address: addressee.email }],
    ...wording,
    messageId,
    date: call.createdAt,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments,
  }
}

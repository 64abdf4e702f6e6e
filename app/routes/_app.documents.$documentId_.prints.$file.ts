import { documentFacts } from '#db/documents.ts'
import { opinionLines, synthesisOf } from '#db/opinions.ts'
import { MINISTRY } from '#db/outgoing.ts'
import { notFound } from '#db/refusal.ts'
import { submissionSlip } from '#db/submission-slip.ts'
import { opinionSpreadsheet } from '../drafting/opinion-spreadsheet.server.ts'
import { asDisposition } from '../file-response.ts'
import { guardedLoader, type GuardedArgs } from '../guard.server.ts'
import { translatorOf } from '../i18n.server.ts'
import { opinionPaper } from '../print/opinion-paper.ts'
import { slipPaper } from '../print/slip-paper.ts'
import { officeDay } from '../tasks/office-day.ts'

interface Print {
  name: string
  mediaType: string
  inline: boolean
  content: Buffer
}

/** What can be printed or taken of a document that is drafted here, by the file's name. */
const prints: Record<string, (args: GuardedArgs, documentId: string) => Promise<Print>> = {
  'slip.pdf': async ({ db, viewer }, documentId) => {
    const content = await slipPaper(await submissionSlip(db, viewer, documentId), MINISTRY.name)
    return { name: 'Phiếu trình.pdf', mediaType: 'application/pdf', inline: true, content }
  },
  'opinions.pdf': async ({ now, ...args }, documentId) => {
    const { facts, lines, synthesis } = await opinionsOf(args, documentId)
    const unit = facts.unitName ?? ''
    const printed = { agency: MINISTRY.name, unit, subject: facts.subject, day: officeDay(now), lines, synthesis }
    return {
      name: 'Tổng hợp ý kiến.pdf',
      mediaType: 'application/pdf',
      inline: true,
      content: await opinionPaper(printed),
    }
  },
  'opinions.xlsx': async ({ person, ...args }, documentId) => {
    const { lines } = await opinionsOf(args, documentId)
    const { t } = await translatorOf(person.language)
    return {
      name: `${t('tasks:opinions.table')}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      inline: false,
      content: await opinionSpreadsheet(lines, person.language, t),
    }
  },
}

async function opinionsOf({ db, viewer }: Pick<GuardedArgs, 'db' | 'viewer'>, documentId: string) {
  const facts = await documentFacts(db, viewer, documentId)
  const [lines, synthesis] = await Promise.all([opinionLines(db, facts.id), synthesisOf(db, facts.id)])
  if (lines.length === 0) throw notFound()
  return { facts, lines, synthesis: synthesis?.text ?? null }
}

/** `/documents/<id>/prints/slip.pdf`, `opinions.pdf`, `opinions.xlsx`. */
export const loader = guardedLoader('document:download', async (args) => {
  const print = prints[args.params.file ?? '']
  if (!print) throw notFound()
  const { name, mediaType, inline, content } = await print(args, args.params.documentId ?? '')
  return new Response(new Uint8Array(content), {
    headers: {
      'Content-Type': mediaType,
      'Content-Disposition': asDisposition(name, inline),
      'Cache-Control': 'private, no-store, no-transform',
    },
  })
})

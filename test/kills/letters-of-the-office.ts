import { setTimeout as wait } from 'node:timers/promises'
import type { GatewayClient } from '#exchange/client.ts'
import { letter } from '#exchange/edxml/sample.fixture.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { ExchangeUnavailable } from '#exchange/gateway-errors.ts'

/** The DocumentId of the Government Office's letter of that number. */
export const letterId = (number: number) => `000.00.00.G22,2022/04/15,${number}/VPCP-KSTT`

/** The Government Office sends letters to the ministry, and the same one again where it got no answer. */
export async function sendLetters(office: GatewayClient, numbers: number[]): Promise<void> {
  for (const number of numbers) {
    const edxml = await writeEdxml(
      letter({
        documentId: letterId(number),
        code: { number: String(number), notation: 'VPCP-KSTT' },
        subject: `V/v báo cáo tình hình dịch vụ công trực tuyến, kỳ ${number}`,
        dueDate: null,
        attachments: [
          {
            contentId: `tep-${number}`,
            name: `${number}-VPCP-KSTT.pdf`,
            contentType: 'application/pdf',
            content: Buffer.from(`%PDF-1.4\n% văn bản ${number}\n%%EOF\n`),
          },
        ],
      }),
    )
    for (;;) {
      try {
        await office.send(edxml, { messageType: 'edoc' })
        break
      } catch (error) {
        if (!(error instanceof ExchangeUnavailable)) throw error
        await wait(100)
      }
    }
  }
}
